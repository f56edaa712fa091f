using System.Text.Json;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Assets;

/// <summary>
/// The fields of a point of <c>locker</c>, <c>kiosk</c> or <c>cart_pose</c> as JSON, read as what they say. The one reading, of what is
/// written and of what a store gives back; what is wrong is a <see cref="FormatException"/> that says what and how to mend it.
/// </summary>
internal readonly struct AssetFields(JsonElement fields)
{
    private const double MostMetres = 1e7;

    /// <param name="at">s since the Unix epoch.</param>
    public LockerPoint Locker(string locker, int compartment, long at) => new(
        locker, compartment, at, Word<CompartmentState>("state") ?? throw Missing("state", Words.All<CompartmentState>()), Flag("door_open"), Instant("since"));

    /// <inheritdoc cref="Locker"/>
    public KioskPoint Kiosk(string kiosk, long at) => new(kiosk, at, Word<PaperState>("paper"), Word<PartState>("reader"), Word<PartState>("screen"));

    /// <inheritdoc cref="Locker"/>
    public CartPose Cart(string cart, long at, CoordinateSystem coordinates)
    {
        var (width, height) = coordinates == CoordinateSystem.Wgs84 ? (180, 90) : (MostMetres, MostMetres);
        var (x, y) = (Number("x", -width, width), Number("y", -height, height));
        if (x is null != y is null)
            throw new FormatException("one of the fields x and y is missing: write both, or neither where the cart is not located");
        return new(
            cart, at, x, y, (int)(Number("level", -20, 200) ?? 0), Instant("posed"), Number("heading", 0, 360), Number("speed", -100, 100), Number("battery", 0, 100),
            Flag("charging"), Flag("driving"), Word<CartMode>("mode"), Word<EmergencyStop>("emergency_stop"),
            Word<CartConnection>("connection") ?? throw Missing("connection", Words.All<CartConnection>()));
    }

    private T? Word<T>(string name) where T : struct, Enum
    {
        if (!fields.TryGetProperty(name, out var value))
            return null;
        return (value.ValueKind == JsonValueKind.String ? Words.Parse<T>(value.GetString()) : null)
            ?? throw new FormatException($"the field {name} is {value.GetRawText()}: write one of {string.Join(", ", Words.All<T>())}, as a string");
    }

    private double? Number(string name, double least, double most)
    {
        if (!fields.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= least && number <= most
            ? number
            : throw new FormatException(FormattableString.Invariant($"the field {name} is {value.GetRawText()}: write a number from {least} to {most}"));
    }

    private long? Instant(string name) => (long?)Number(name, 0, 1e14);

    private bool? Flag(string name)
    {
        if (!fields.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new FormatException($"the field {name} is {value.GetRawText()}: write true or false");
    }

    private static FormatException Missing(string name, IEnumerable<string> words) => new($"the field {name} is missing: write one of {string.Join(", ", words)}, as a string");
}
