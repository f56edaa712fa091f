using System.Text.Json.Serialization;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Telemetry.Assets;

/// <summary>Paper of a kiosk's printer.</summary>
[JsonConverter(typeof(WordConverter<PaperState>))]
public enum PaperState
{
    /// <summary>Enough.</summary>
    Ok,

    /// <summary>Nearly out.</summary>
    Low,

    /// <summary>None.</summary>
    Out,
}

/// <summary>A part of a kiosk: its card and code reader, its screen.</summary>
[JsonConverter(typeof(WordConverter<PartState>))]
public enum PartState
{
    /// <summary>Works.</summary>
    Ok,

    /// <summary>Does not: a reader that reads nothing, a screen that hangs.</summary>
    Fault,
}

/// <summary>
/// A heartbeat of a kiosk as a point: measurement <c>kiosk</c>, tags <c>district</c> and <c>kiosk</c>. What a kiosk does not
/// have or does not tell is absent.
/// </summary>
/// <param name="At">When its gateway heard it, s since the Unix epoch.</param>
public readonly record struct KioskPoint(string Kiosk, long At, PaperState? Paper, PartState? Reader, PartState? Screen)
{
    public const string Measurement = "kiosk";

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    public void Write(LineWriter writer, string district)
    {
        writer.Measurement(Measurement).Tag("district", district).Tag("kiosk", Kiosk).Field("heartbeat", true);
        if (Paper is { } paper)
            writer.Field("paper", paper.Word());
        if (Reader is { } reader)
            writer.Field("reader", reader.Word());
        if (Screen is { } screen)
            writer.Field("screen", screen.Word());
        writer.End(At);
    }
}
