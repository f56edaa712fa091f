namespace SmartDistrict.EndToEnd.Tests.Console;

[Collection<AnalystPages>]
public sealed class PeoplePageTests(ConsoleSite site)
{
    [Theory]
    [InlineData(Screen.DeskChineseLight, "/people", "people")]
    [InlineData(Screen.PhoneEnglishLight, "/people", "people")]
    [InlineData(Screen.DeskEnglishDark, "/people?show=tokens", "tokens")]
    [InlineData(Screen.PhoneChineseDark, "/people?show=tokens", "tokens")]
    [InlineData(Screen.DeskEnglishDark, "/people?show=audit", "audit")]
    [InlineData(Screen.PhoneChineseDark, "/people?show=audit", "audit")]
    [InlineData(Screen.DeskChineseLight, "/account", "account")]
    [InlineData(Screen.PhoneEnglishLight, "/account", "account")]
    public Task Each_part_is_fit_for_everybody(Screen screen, string link, string what) => site.VisitAsync(screen, what, link);
}
