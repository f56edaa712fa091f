namespace SmartDistrict.Edge.Status;

/// <summary>One of the gateway's bounded stores: how full it is, and what happens when it is.</summary>
/// <param name="Entries">Points, letters or records held; null where only bytes are counted.</param>
/// <param name="MaxEntries">Its limit.</param>
/// <param name="Bytes">Bytes held.</param>
/// <param name="MaxBytes">Its limit.</param>
/// <param name="WhenFull">The policy, for a person.</param>
/// <param name="Lost">What the policy and damage have cost so far, counted; the count syncs with <c>gateway_health</c>.</param>
public sealed record StorageStatus(string Stream, long? Entries, long? MaxEntries, long? Bytes, long? MaxBytes, string WhenFull, long Lost);

/// <summary>What the gateway writes to its disk; an SD card bears only so much.</summary>
/// <param name="Bytes">Since the process started, all that it caused to be written.</param>
/// <param name="JournalBytes">Of these, by the journal.</param>
/// <param name="BytesPerDay">At the rate of the last day, or of the time since the start; null in the first half minute.</param>
/// <param name="MeasuredSeconds">The time that rate looks back on, s.</param>
/// <param name="JournalReachesBackSeconds">How far back the kept journal will reach at this rate, s; null while not known.</param>
public sealed record WearStatus(long? Bytes, long JournalBytes, long? BytesPerDay, long MeasuredSeconds, long? JournalReachesBackSeconds);
