using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SmartDistrict.Edge.Technician;

/// <summary>The newest lines of the log, for the diagnosis bundle: at most <see cref="MostLines"/>, each cut at <see cref="LongestLine"/> characters.</summary>
internal sealed class RecentLog(TimeProvider time) : ILoggerProvider
{
    public const int MostLines = 500;
    public const int LongestLine = 1000;

    private readonly Queue<string> lines = new();

    /// <summary>The kept lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string category, string text, Exception? exception)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}Z {level} {category}: {text}");
        line = (exception is null ? line : $"{line} | {exception}").ReplaceLineEndings(" ");
        lock (lines)
        {
            if (lines.Count == MostLines)
                lines.Dequeue();
            lines.Enqueue(line.Length <= LongestLine ? line : string.Concat(line.AsSpan(0, LongestLine), "…"));
        }
    }

    private sealed class Writer(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(logLevel, category, formatter(state, exception), exception);
    }
}
