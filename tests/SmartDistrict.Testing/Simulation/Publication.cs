namespace SmartDistrict.Testing.Simulation;

/// <summary>An MQTT message that a simulated device publishes at QoS 1.</summary>
/// <param name="Device">Site id of the device; for what no known device sends, a description.</param>
/// <param name="Topic">MQTT topic.</param>
/// <param name="Payload">As on the wire.</param>
/// <param name="Due">When the device hands it to the network, ms since the Unix epoch.</param>
/// <param name="Samples">What the message says to a reader who understands it; empty for heartbeats and garbage.</param>
public sealed record Publication(string Device, string Topic, ReadOnlyMemory<byte> Payload, long Due, IReadOnlyList<Sample> Samples)
{
    public static readonly IReadOnlyList<Sample> Nothing = [];

    /// <summary>What is wrong with it; null for a sound message.</summary>
    public string? Garbage { get; init; }

    /// <summary>The network sends it a second time.</summary>
    public bool Repeated { get; init; }
}

/// <summary>One number about one line that a message carries.</summary>
/// <param name="Line">Site id of the line.</param>
public abstract record Sample(string Line);

/// <summary>People counted: at an instant or over an interval.</summary>
/// <param name="Line">Site id of the line.</param>
/// <param name="Key">What makes this count unique: messages with the same key say the same thing twice.</param>
/// <param name="At">Event time (the end of an interval), ms since the Unix epoch.</param>
/// <param name="Entries">In the line's "in" direction.</param>
/// <param name="Exits">In the line's "out" direction.</param>
public sealed record Counted(string Line, string Key, long At, long Entries, long Exits) : Sample(Line);

/// <summary>A running total.</summary>
/// <param name="Line">Site id of the line.</param>
/// <param name="Counter">Which counter of which device.</param>
/// <param name="At">Event time, ms since the Unix epoch; one counter never has two totals of the same time.</param>
/// <param name="Entries">Total since the last reset in the "in" direction; null where the device has no such total.</param>
/// <param name="Exits">Total since the last reset in the "out" direction; null where the device has no such total.</param>
/// <param name="Bits">Width at which the total wraps; 64 where it never does.</param>
public sealed record Totals(string Line, string Counter, long At, long? Entries, long? Exits, int Bits) : Sample(Line);

/// <summary>
/// People counted in a period of the past, told later by a device that also has running totals: the totals count the same
/// people, unless they were reset meanwhile.
/// </summary>
/// <param name="Line">Site id of the line.</param>
/// <param name="Counter">The counter of <see cref="Totals"/> that counts them too.</param>
/// <param name="At">End of the period, ms since the Unix epoch; one counter never has two periods of the same end.</param>
/// <param name="Entries">In the line's "in" direction.</param>
/// <param name="Exits">In the line's "out" direction.</param>
public sealed record Period(string Line, string Counter, long At, long Entries, long Exits) : Sample(Line);
