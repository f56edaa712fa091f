using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmartDistrict.Telemetry.Assets;

/// <summary>The words of a closed vocabulary, on the wire and in JSON: the members of an enum in snake_case (<c>out_of_service</c>).</summary>
public static class Words
{
    /// <summary>The word of a value.</summary>
    public static string Word<T>(this T value) where T : struct, Enum => Of<T>.ByValue[value];

    /// <summary>The value of a word; null where the vocabulary does not have it.</summary>
    public static T? Parse<T>(string? word) where T : struct, Enum => word is not null && Of<T>.ByWord.TryGetValue(word, out var value) ? value : null;

    /// <summary>All words, in their order.</summary>
    public static IReadOnlyCollection<string> All<T>() where T : struct, Enum => Of<T>.ByWord.Keys;

    private static class Of<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
        public static readonly Dictionary<string, T> ByWord = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}

/// <summary>Writes an enum of a closed vocabulary as its word.</summary>
public sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where T : struct, Enum;
