using System.Threading.Channels;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Data of the live stream's event <c>alarms</c>: the open alarms that stand for themselves and are not muted.</summary>
/// <param name="At">When this service made the event, ms since the Unix epoch.</param>
/// <param name="Critical">How many are critical.</param>
/// <param name="Warning">How many are warnings.</param>
/// <param name="Unacknowledged">How many nobody has acknowledged.</param>
/// <param name="Marks">The gravest of them, at most 200, for bell and map.</param>
public sealed record AlarmsEvent(long At, int Critical, int Warning, int Unacknowledged, IReadOnlyList<AlarmMark> Marks);

/// <summary>An open alarm, in short.</summary>
/// <param name="Id">Number of the alarm.</param>
/// <param name="Kind">Code of its kind.</param>
/// <param name="Sort">What it is about.</param>
/// <param name="Subject">Site id of that.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Acknowledged">Whether somebody has acknowledged it.</param>
public sealed record AlarmMark(long Id, string Kind, AlarmSubject Sort, string Subject, Severity Severity, bool Acknowledged);

/// <summary>Tells the viewers of the live stream what is in alarm, whenever that changes; at most four times a second.</summary>
internal sealed class AlarmNews(StateFile state, LiveHub hub, TimeProvider clock) : BackgroundService
{
    private const int MostMarks = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> pulse = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something changed that somebody sees.</summary>
    public void Changed() => pulse.Writer.TryWrite(true);

    internal AlarmsEvent Read()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var open = state.Read(AlarmTables.Open).Where(alarm => alarm.IsNews(now)).ToArray();
        return new(
            now, open.Count(alarm => alarm.Severity == Severity.Critical), open.Count(alarm => alarm.Severity == Severity.Warning),
            open.Count(alarm => alarm.Acknowledged is null),
            [.. open.OrderByDescending(alarm => alarm.Severity).ThenByDescending(alarm => alarm.Id).Take(MostMarks).Select(alarm => new AlarmMark(
                alarm.Id, alarm.Kind, AlarmKinds.Find(alarm.Kind)?.Subject ?? AlarmSubject.District, alarm.Subject, alarm.Severity, alarm.Acknowledged is not null))]);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (await pulse.Reader.WaitToReadAsync(stoppingToken))
        {
            pulse.Reader.TryRead(out _);
            hub.Tell("alarms", Read());
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }
}
