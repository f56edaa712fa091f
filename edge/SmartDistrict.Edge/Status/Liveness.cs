namespace SmartDistrict.Edge.Status;

/// <summary>Whether the flow moves: what was taken in is committed, and what is committed is folded.</summary>
/// <remarks>Any thread may ask. It judges by progress between two questions, so it must be asked now and then.</remarks>
internal sealed class Liveness(TimeProvider time, Func<FlowState> flow)
{
    /// <summary>The slowest SD card commits in less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private FlowState last = flow();
    private long commitMoved = time.GetTimestamp();
    private long foldMoved = time.GetTimestamp();

    /// <summary>What stands still without saying why; null while everything moves. A fault that is told and tried again is not stuck.</summary>
    public string? Stuck()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var state = flow();
            if (!state.Uncommitted || state.Committed != last.Committed || state.CommitTellsFault)
                commitMoved = now;
            if (state.Folded != last.Folded || state.FoldTurns != last.FoldTurns || state.FoldTellsFault)
                foldMoved = now;
            last = state;
            return time.GetElapsedTime(commitMoved, now) > Patience
                ? $"the journal has not committed for {Runway.Words(time.GetElapsedTime(commitMoved, now).TotalSeconds)} though readings wait: the disk does not answer"
                : time.GetElapsedTime(foldMoved, now) > Patience
                ? $"the fold has stood still at record {state.Folded} for {Runway.Words(time.GetElapsedTime(foldMoved, now).TotalSeconds)}"
                : null;
        }
    }
}

/// <summary>Where the flow stands at one instant.</summary>
/// <param name="Committed">Newest durable record.</param>
/// <param name="Uncommitted">Whether records wait for a commit.</param>
/// <param name="CommitTellsFault">The disk refuses, which is told and tried again.</param>
/// <param name="Folded">Newest folded record.</param>
/// <param name="FoldTurns">Rounds of the fold's loop, which turns once a second even where nothing comes in.</param>
/// <param name="FoldTellsFault">The state cannot be stored, which is told and tried again.</param>
internal readonly record struct FlowState(long Committed, bool Uncommitted, bool CommitTellsFault, long Folded, long FoldTurns, bool FoldTellsFault);
