using System.Text.Json.Serialization;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Telemetry.Assets;

/// <summary>Who drives a cart: VDA 5050's <c>operatingMode</c>.</summary>
[JsonConverter(typeof(WordConverter<CartMode>))]
public enum CartMode
{
    /// <summary>It is starting up.</summary>
    Startup,

    /// <summary>Fleet control drives it.</summary>
    Automatic,

    /// <summary>Fleet control drives it, a person sets its speed.</summary>
    Semiautomatic,

    /// <summary>A person has taken over from fleet control for a while.</summary>
    Intervened,

    /// <summary>A person drives it.</summary>
    Manual,

    /// <summary>It is being maintained.</summary>
    Service,

    /// <summary>It is being taught.</summary>
    TeachIn,
}

/// <summary>VDA 5050's <c>activeEmergencyStop</c> (3.0), <c>eStop</c> (2.1).</summary>
[JsonConverter(typeof(WordConverter<EmergencyStop>))]
public enum EmergencyStop
{
    /// <summary>None is active.</summary>
    None,

    /// <summary>Ends by itself: a bumper, a protective field (2.1: AUTOACK).</summary>
    Auto,

    /// <summary>Somebody must end it at the cart.</summary>
    Manual,

    /// <summary>The site's; somebody must end it from afar.</summary>
    Remote,
}

/// <summary>VDA 5050's <c>connectionState</c>.</summary>
[JsonConverter(typeof(WordConverter<CartConnection>))]
public enum CartConnection
{
    /// <summary>Connected.</summary>
    Online,

    /// <summary>Has signed off.</summary>
    Offline,

    /// <summary>Connected, and keeps silent to save power.</summary>
    Hibernating,

    /// <summary>The broker lost it: its last will (2.x: CONNECTIONBROKEN).</summary>
    ConnectionBroken,
}

/// <summary>
/// Where a cart is and how it does, as a point: measurement <c>cart_pose</c>, tags <c>cart</c> and <c>district</c>. Once a second
/// while it drives, and at least each <see cref="Every"/>. Every point has all that is known: where the link broke, the last pose.
/// </summary>
/// <param name="At">When its gateway knew it so, s since the Unix epoch.</param>
/// <param name="X">Longitude, or metres to the east, as the district has its coordinates; null where the cart is not located.</param>
/// <param name="Y">Latitude, or metres to the north.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="Posed">When the cart was there, ms since the Unix epoch.</param>
/// <param name="Heading">Degrees clockwise from y (north), 0 to 360.</param>
/// <param name="Speed">m/s.</param>
/// <param name="Battery">%.</param>
public readonly record struct CartPose(
    string Cart, long At, double? X, double? Y, int Level, long? Posed, double? Heading, double? Speed, double? Battery, bool? Charging, bool? Driving,
    CartMode? Mode, EmergencyStop? EmergencyStop, CartConnection Connection)
{
    public const string Measurement = "cart_pose";

    /// <summary>VDA 5050: a state at least so often.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    public void Write(LineWriter writer, string district)
    {
        writer.Measurement(Measurement).Tag("cart", Cart).Tag("district", district).Field("connection", Connection.Word());
        if (X is { } x && Y is { } y)
            writer.Field("x", x).Field("y", y).Field("level", (long)Level);
        if (Posed is { } posed)
            writer.Field("posed", posed);
        if (Heading is { } heading)
            writer.Field("heading", heading);
        if (Speed is { } speed)
            writer.Field("speed", speed);
        if (Battery is { } battery)
            writer.Field("battery", battery);
        if (Charging is { } charging)
            writer.Field("charging", charging);
        if (Driving is { } driving)
            writer.Field("driving", driving);
        if (Mode is { } mode)
            writer.Field("mode", mode.Word());
        if (EmergencyStop is { } stop)
            writer.Field("emergency_stop", stop.Word());
        writer.End(At);
    }
}
