namespace SmartDistrict.Edge.Sync;

public enum SyncState
{
    /// <summary>Nothing waits.</summary>
    Idle,

    /// <summary>Points are on their way.</summary>
    Sending,

    /// <summary>The store is away or busy; points wait.</summary>
    Waiting,

    /// <summary>An alarm: points wait until a person mends a setting.</summary>
    Held,
}

/// <summary>How the sync stands.</summary>
/// <param name="Target">Where it writes.</param>
/// <param name="Backlog">Points that the store is not known to have.</param>
/// <param name="BacklogBytes">Bytes of the lines that wait.</param>
/// <param name="OldestAge">How old the window start of the oldest waiting point is.</param>
/// <param name="LastSuccess">When the store last took points.</param>
/// <param name="Reason">While waiting or held: why.</param>
/// <param name="Mend">While waiting or held: what a person can do about it.</param>
/// <param name="Since">While waiting or held: since when.</param>
/// <param name="Accepted">Points that the store took, since the start.</param>
/// <param name="Rejected">Points that became dead letters, since the start.</param>
/// <param name="Retried">Requests that failed and were, or will be, sent again, since the start.</param>
/// <param name="Bytes">Bytes of lines that the store took, before compression, since the start.</param>
/// <param name="Lost">Points ever given up: dropped from a full outbox, or damaged on the disk.</param>
public sealed record SyncStatus(
    string Target, SyncState State, long Backlog, long BacklogBytes, TimeSpan? OldestAge, DateTimeOffset? LastSuccess,
    string Reason, string Mend, DateTimeOffset? Since, long Accepted, long Rejected, long Retried, long Bytes, long Lost);
