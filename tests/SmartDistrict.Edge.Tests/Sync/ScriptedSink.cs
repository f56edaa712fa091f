using System.Text;
using System.Threading.Channels;
using SmartDistrict.Edge.Sync;

namespace SmartDistrict.Edge.Tests.Sync;

/// <summary>A store whose every answer a test gives by hand, or by a rule.</summary>
internal sealed class ScriptedSink : ITimeSeriesSink
{
    public sealed record Write(string[] Lines, TaskCompletionSource<WriteOutcome> Answer, CancellationToken Abandon)
    {
        public void Accept() => Answer.SetResult(new(WriteResult.Accepted));
    }

    private readonly Channel<Write> writes = Channel.CreateUnbounded<Write>();

    /// <summary>Answers at once where it gives an outcome.</summary>
    public Func<string[], WriteOutcome?> Rule { get; set; } = _ => null;

    public string Target => "test";

    public int Pending => writes.Reader.Count;

    public async ValueTask<WriteOutcome> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        var text = Encoding.UTF8.GetString(lines.Span);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var write = new Write(text[..^1].Split('\n'), new(TaskCreationOptions.RunContinuationsAsynchronously), cancellation);
        if (Rule(write.Lines) is { } outcome)
            write.Answer.SetResult(outcome);
        await writes.Writer.WriteAsync(write, CancellationToken.None);
        await using var abandoned = cancellation.Register(() => write.Answer.TrySetResult(new(WriteResult.Unavailable, "cancelled", Ambiguous: true)));
        return await write.Answer.Task;
    }

    /// <summary>The next request of the code under test.</summary>
    public async Task<Write> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await writes.Reader.ReadAsync(limit.Token);
    }
}
