namespace SmartDistrict.Edge.Footfall;

/// <summary>What has been folded since the gateway was enrolled; part of each checkpoint, so a replay counts nothing twice.</summary>
public sealed record FoldTotals
{
    /// <summary>Envelopes read from the journal.</summary>
    public long Envelopes { get; set; }

    /// <summary>Readings booked.</summary>
    public long Readings { get; set; }

    /// <summary>Messages or readings that had come before.</summary>
    public long Duplicates { get; set; }

    /// <summary>Envelopes or readings that went to the dead letters.</summary>
    public long Refused { get; set; }

    /// <summary>Readings whose time had to be repaired.</summary>
    public long Repaired { get; set; }

    /// <summary>Windows closed and published for the first time.</summary>
    public long Windows { get; set; }

    /// <summary>Records that the journal could not give back.</summary>
    public long LostRecords { get; set; }

    /// <summary>Records that were being written when the power failed and never acknowledged: their senders kept them.</summary>
    public long TornRecords { get; set; }

    /// <summary>Number of the newest of <see cref="TornRecords"/>.</summary>
    internal long TornUpTo { get; set; }

    internal void Load(FoldState state)
    {
        Envelopes = state.Value(nameof(Envelopes)) ?? 0;
        Readings = state.Value(nameof(Readings)) ?? 0;
        Duplicates = state.Value(nameof(Duplicates)) ?? 0;
        Refused = state.Value(nameof(Refused)) ?? 0;
        Repaired = state.Value(nameof(Repaired)) ?? 0;
        Windows = state.Value(nameof(Windows)) ?? 0;
        LostRecords = state.Value(nameof(LostRecords)) ?? 0;
        TornRecords = state.Value(nameof(TornRecords)) ?? 0;
        TornUpTo = state.Value(nameof(TornUpTo)) ?? 0;
    }

    internal void Save(FoldState state)
    {
        state.SetValue(nameof(Envelopes), Envelopes);
        state.SetValue(nameof(Readings), Readings);
        state.SetValue(nameof(Duplicates), Duplicates);
        state.SetValue(nameof(Refused), Refused);
        state.SetValue(nameof(Repaired), Repaired);
        state.SetValue(nameof(Windows), Windows);
        state.SetValue(nameof(LostRecords), LostRecords);
        state.SetValue(nameof(TornRecords), TornRecords);
        state.SetValue(nameof(TornUpTo), TornUpTo);
    }
}
