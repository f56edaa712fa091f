using Microsoft.Data.Sqlite;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Looks at every figure once a second.</summary>
internal sealed partial class AlarmEngine(AlarmFigures figures, AlarmBook book, AlarmNews news, TimeProvider clock, ILogger<AlarmEngine> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    internal void Look()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (book.Take(figures.Read(now), now))
            news.Changed();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        news.Changed();
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Look();
                told = false;
            }
            catch (SqliteException e)
            {
                if (!told)
                    LogFailed(e);
                told = true;
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "Alarms cannot be written to the state file; it is tried again every second: look at the free space of the data folder")]
    private partial void LogFailed(Exception exception);
}
