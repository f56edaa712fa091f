using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>What a person looks at the console with. The four together show each language, size and theme twice.</summary>
public enum Screen
{
    DeskChineseLight,
    DeskEnglishDark,
    PhoneChineseDark,
    PhoneEnglishLight,
}

/// <summary>A case for each <see cref="Screen"/>.</summary>
public sealed class EveryScreen : TheoryData<Screen>
{
    public EveryScreen() => AddRange(Enum.GetValues<Screen>());
}

internal static class Screens
{
    public static bool IsPhone(this Screen screen) => screen is Screen.PhoneChineseDark or Screen.PhoneEnglishLight;

    /// <summary><c>zh</c> or <c>en</c>.</summary>
    public static string Language(this Screen screen) => screen is Screen.DeskChineseLight or Screen.PhoneChineseDark ? "zh" : "en";

    public static BrowserNewContextOptions Options(this Screen screen) => new()
    {
        ViewportSize = screen.IsPhone() ? new() { Width = 390, Height = 844 } : new() { Width = 1440, Height = 900 },
        HasTouch = screen.IsPhone(),
        Locale = screen.Language() == "zh" ? "zh-CN" : "en-GB",
        ColorScheme = screen is Screen.DeskChineseLight or Screen.PhoneEnglishLight ? ColorScheme.Light : ColorScheme.Dark,
        ReducedMotion = ReducedMotion.Reduce,
        // not the district's: times on screen are the district's all the same
        TimezoneId = "Europe/Berlin",
    };
}
