using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Alarms.Webhooks;
using SmartDistrict.Cloud.State;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Alarms;

/// <summary>Alarms on a state file of their own, with the figures that a test makes up; the process may be restarted.</summary>
internal sealed class AlarmBench : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("alarm-test-").FullName;
    private StateFile state;
    private AlarmBook book;

    public AlarmBench(District? district = null)
    {
        District = district ?? TestDistrict.Load();
        (state, book) = Open();
    }

    public District District { get; }

    /// <summary>The alarms' time, ms.</summary>
    public long Now { get; set; } = 1_772_438_400_000;

    public StateFile State => state;

    /// <summary>The process ends and begins anew.</summary>
    public void Restart()
    {
        state.Dispose();
        (state, book) = Open();
    }

    /// <summary>One look, a second or more after the last.</summary>
    public bool Look(params IEnumerable<Observation> figures) => book.Take(figures, Now);

    public static Observation Of(string kind, string subject, double? figure, string? detail = null) => new(AlarmKinds.Find(kind)!, subject, figure, detail);

    public List<Alarm> OpenAlarms => [.. state.Read(AlarmTables.Open).OrderBy(alarm => alarm.Id)];

    public List<Alarm> AllAlarms => state.Read(rows => rows.List(AlarmTables.Select + "ORDER BY a.id", AlarmTables.Read));

    public List<string> EventsOf(long alarm) => state.Read(rows => rows.List("SELECT what FROM alarm_event WHERE alarm = $1 ORDER BY id", row => row.GetString(0), alarm));

    public void Dispose()
    {
        state.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private (StateFile State, AlarmBook Book) Open()
    {
        var file = new StateFile(Path.Combine(folder, "cloud.db"), [new StateTables(AlarmTables.Subject, AlarmTables.Scripts)]);
        var names = new AlarmNames(District);
        return (file, new AlarmBook(new AlarmRules(District, file, new ManualTimeProvider()), file, new WebhookOutbox(District, names), names));
    }
}
