using System.Globalization;
using System.Text.Json.Serialization;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Telemetry.Assets;

/// <summary>How a compartment of a locker stands.</summary>
[JsonConverter(typeof(WordConverter<CompartmentState>))]
public enum CompartmentState
{
    /// <summary>Closed, empty, to be given out.</summary>
    Free,

    /// <summary>Given to an order that is not in it yet.</summary>
    Reserved,

    /// <summary>Holds something that waits for its owner.</summary>
    Occupied,

    /// <summary>Holds something beyond its time.</summary>
    Overdue,

    /// <summary>Its door is open after a command.</summary>
    Open,

    /// <summary>Its door was opened without a command; until a person has seen to it.</summary>
    Forced,

    /// <summary>Its door did not do what it was told.</summary>
    Jammed,

    /// <summary>Waits for cleaning, or is being cleaned.</summary>
    Cleaning,

    /// <summary>Taken out of service by a person.</summary>
    OutOfService,

    /// <summary>Its lock board does not answer.</summary>
    Unknown,
}

/// <summary>
/// One compartment of a locker as a point: measurement <c>locker</c>, tags <c>compartment</c>, <c>district</c>, <c>locker</c>.
/// Written when it changes, and of every compartment at least each <see cref="Every"/>.
/// </summary>
/// <param name="Compartment">Its number on the door, from 1.</param>
/// <param name="At">When its gateway knew it so, s since the Unix epoch.</param>
/// <param name="DoorOpen">Null where the board does not tell.</param>
/// <param name="Since">When the state began, ms since the Unix epoch; null where that is not known.</param>
public readonly record struct LockerPoint(string Locker, int Compartment, long At, CompartmentState State, bool? DoorOpen, long? Since)
{
    public const string Measurement = "locker";

    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public void Write(LineWriter writer, string district)
    {
        writer.Measurement(Measurement)
            .Tag("compartment", Compartment.ToString(CultureInfo.InvariantCulture)).Tag("district", district).Tag("locker", Locker)
            .Field("state", State.Word());
        if (DoorOpen is { } open)
            writer.Field("door_open", open);
        if (Since is { } since)
            writer.Field("since", since);
        writer.End(At);
    }
}
