using System.Text.Json.Serialization;

namespace SmartDistrict.Cloud;

/// <summary>Reads and writes one of a few words by its name only: a number would let in one that does not exist.</summary>
internal sealed class ByName<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false) where T : struct, Enum;
