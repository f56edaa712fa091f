using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Edge.Drivers;

/// <summary>The way into the journal: takes envelopes from any driver, and tells when they are durable.</summary>
public sealed class Intake(Journal.Journal journal, GroupCommit commit, GatewayClock clock)
{
    /// <summary>Raised on the committing thread with the number of the newest durable record.</summary>
    public event Action<long> Durable
    {
        add => commit.Committed += value;
        remove => commit.Committed -= value;
    }

    public ReceiveStamp Now() => clock.Now();

    /// <summary>Appends an envelope.</summary>
    /// <param name="stamp">When it was received.</param>
    /// <param name="topic">MQTT topic or another source name, UTF-8.</param>
    /// <param name="payload">Raw bytes.</param>
    /// <returns>Its record number: it is durable when <see cref="Durable"/> has reached it.</returns>
    public long Take(in ReceiveStamp stamp, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) =>
        journal.Append(RecordKind.Envelope, stamp, topic, payload);

    /// <summary>Asks for a commit of what was taken.</summary>
    public void Flush() => commit.Notify();
}
