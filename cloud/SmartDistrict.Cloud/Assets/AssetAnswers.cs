using System.Text.Json.Serialization;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Assets;

/// <summary>How a locker stands: the gravest of what is so.</summary>
[JsonConverter(typeof(WordConverter<LockerState>))]
public enum LockerState
{
    /// <summary>At work, with a free compartment.</summary>
    Ok,

    /// <summary>At work, with no free compartment.</summary>
    Full,

    /// <summary>A compartment's door did not do what it was told.</summary>
    Jammed,

    /// <summary>A compartment was opened without a command.</summary>
    Forced,

    /// <summary>Not heard for three minutes, or its lock boards do not answer.</summary>
    Offline,

    /// <summary>Never heard.</summary>
    Unknown,
}

/// <summary>How a kiosk stands.</summary>
[JsonConverter(typeof(WordConverter<KioskState>))]
public enum KioskState
{
    /// <summary>At work.</summary>
    Ok,

    /// <summary>At work; its paper is nearly out.</summary>
    Attention,

    /// <summary>Out of paper, or its reader or screen does not work.</summary>
    Fault,

    /// <summary>Three heartbeats have not come: not heard for 90 s.</summary>
    Offline,

    /// <summary>Never heard.</summary>
    Unknown,
}

/// <summary>How a cart does. What it last said of itself is not shown as present once its link is lost.</summary>
[JsonConverter(typeof(WordConverter<CartState>))]
public enum CartState
{
    /// <summary>Under way by itself.</summary>
    Driving,

    /// <summary>Waits where it is.</summary>
    Standing,

    /// <summary>Is being charged.</summary>
    Charging,

    /// <summary>A person drives it, or sees to it.</summary>
    Attended,

    /// <summary>An emergency stop is active.</summary>
    Stopped,

    /// <summary>Has signed off, or sleeps to save power.</summary>
    Offline,

    /// <summary>The broker lost it, or three of its states have not come: not heard for 90 s.</summary>
    CommsLost,

    /// <summary>Not heard for 5 minutes.</summary>
    NonContactable,

    /// <summary>Not heard for 15 minutes: it may be elsewhere.</summary>
    NotLocated,

    /// <summary>Not heard for 24 hours.</summary>
    Missing,

    /// <summary>Never heard.</summary>
    Unknown,
}

/// <summary>Compartments by how they stand; they add up to all.</summary>
/// <param name="All">All compartments.</param>
/// <param name="Free">To be given out.</param>
/// <param name="Taken">Reserved, occupied, overdue, or open after a command.</param>
/// <param name="Forced">Opened without a command.</param>
/// <param name="Jammed">Did not do what they were told.</param>
/// <param name="Closed">Being cleaned, or out of service.</param>
/// <param name="Unknown">Of which nothing is known.</param>
public sealed record CompartmentCounts(int All, int Free, int Taken, int Forced, int Jammed, int Closed, int Unknown);

/// <summary>A locker.</summary>
/// <param name="Id">Locker id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Gateway">The gateway that writes of it.</param>
/// <param name="At">Where it stands: longitude and latitude, or metres.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="State">How it stands.</param>
/// <param name="Compartments">Its compartments by how they stood when last heard.</param>
/// <param name="LastSeen">When it was last heard, ms since the Unix epoch; null where it never was.</param>
/// <param name="Status">What that is worth: complete, partial where compartments are not known, stale, or none.</param>
public sealed record LockerInfo(
    string Id, LocalizedName Name, string Gateway, IReadOnlyList<double> At, int Level, LockerState State, CompartmentCounts Compartments, long? LastSeen, Trust Status);

/// <summary>A compartment.</summary>
/// <param name="Number">As on its door, from 1.</param>
/// <param name="State">How it stood when last heard.</param>
/// <param name="DoorOpen">Whether its door stood open; null where that is not known.</param>
/// <param name="Since">When the state began, ms since the Unix epoch; null where that is not known.</param>
public sealed record CompartmentInfo(int Number, CompartmentState State, bool? DoorOpen, long? Since);

/// <summary>A locker, compartment by compartment.</summary>
/// <param name="Locker">The locker.</param>
/// <param name="Compartments">Its compartments, in the order of their numbers.</param>
public sealed record LockerDetail(LockerInfo Locker, IReadOnlyList<CompartmentInfo> Compartments);

/// <summary>A kiosk.</summary>
/// <param name="Id">Kiosk id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Gateway">The gateway that writes of it.</param>
/// <param name="At">Where it stands: longitude and latitude, or metres.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="State">How it stands.</param>
/// <param name="Paper">Paper of its printer when last heard; null where it does not tell.</param>
/// <param name="Reader">Its card and code reader; null where it does not tell.</param>
/// <param name="Screen">Its screen; null where it does not tell.</param>
/// <param name="LastSeen">When it was last heard, ms since the Unix epoch; null where it never was.</param>
/// <param name="Status">What that is worth: complete, stale, or none.</param>
public sealed record KioskInfo(
    string Id, LocalizedName Name, string Gateway, IReadOnlyList<double> At, int Level, KioskState State, PaperState? Paper, PartState? Reader, PartState? Screen,
    long? LastSeen, Trust Status);

/// <summary>A cart.</summary>
/// <param name="Id">Cart id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Gateway">The gateway that writes of it.</param>
/// <param name="At">Where it was last: longitude and latitude, or metres; null where it is not located.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="PosedAt">When it was there, ms since the Unix epoch; null where that is not known.</param>
/// <param name="Heading">Degrees clockwise from north.</param>
/// <param name="Speed">m/s.</param>
/// <param name="State">How it does.</param>
/// <param name="Mode">Who drives it; null where it has not said.</param>
/// <param name="EmergencyStop">Its emergency stop; null where it has not said.</param>
/// <param name="Battery">Charge, %; null where it has not said.</param>
/// <param name="LastSeen">When it was last heard, ms since the Unix epoch; null where it never was.</param>
/// <param name="Status">What that is worth: complete, partial where it is not located, stale, or none.</param>
public sealed record CartInfo(
    string Id, LocalizedName Name, string Gateway, IReadOnlyList<double>? At, int Level, long? PosedAt, double? Heading, double? Speed, CartState State, CartMode? Mode,
    EmergencyStop? EmergencyStop, double? Battery, long? LastSeen, Trust Status);

/// <summary>Lockers, in the order of the district's file; also the data of the live stream's event lockers: first all of them, then those that changed.</summary>
/// <param name="Lockers">The lockers.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Next">Ask for the next page with after= this; null where this is the last one.</param>
public sealed record LockerPage(IReadOnlyList<LockerInfo> Lockers, int Total, string? Next);

/// <summary>Kiosks, in the order of the district's file; also the data of the live stream's event kiosks: first all of them, then those that changed.</summary>
/// <param name="Kiosks">The kiosks.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Next">Ask for the next page with after= this; null where this is the last one.</param>
public sealed record KioskPage(IReadOnlyList<KioskInfo> Kiosks, int Total, string? Next);

/// <summary>Carts, in the order of the district's file; also the data of the live stream's event carts: first all of them, then those that changed.</summary>
/// <param name="Carts">The carts.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Next">Ask for the next page with after= this; null where this is the last one.</param>
public sealed record CartPage(IReadOnlyList<CartInfo> Carts, int Total, string? Next);

/// <summary>Where a cart was.</summary>
/// <param name="At">ms since the Unix epoch.</param>
/// <param name="Position">Longitude and latitude, or metres.</param>
/// <param name="Level">Storey; 0 is the street.</param>
public sealed record TrackPoint(long At, IReadOnlyList<double> Position, int Level);

/// <summary>The way that a cart has come.</summary>
/// <param name="Points">In the order of time; at most 600, evenly left out.</param>
public sealed record CartTrack(IReadOnlyList<TrackPoint> Points);
