using System.Text.Json;
using System.Text.RegularExpressions;
using SmartDistrict.Edge.Technician;

namespace SmartDistrict.Edge.Tests.Technician;

/// <summary>The page as it is embedded: complete in both languages, and nothing from elsewhere.</summary>
public sealed partial class PageTextsTests
{
    private static readonly Dictionary<string, string> Chinese = Texts("zh");
    private static readonly Dictionary<string, string> English = Texts("en");

    [Fact]
    public void Every_text_that_the_page_names_is_there_in_both_languages()
    {
        var named = DataText().Matches(Content("")).Select(match => match.Groups[1].Value)
            .Concat(TextCall().Matches(Content("page.js")).Select(match => match.Groups[1].Value)).Where(key => !key.EndsWith('_')).Distinct().ToList();
        Assert.True(named.Count > 60, $"only {named.Count} found");
        Assert.Empty(named.Except(English.Keys));
        Assert.Empty(named.Except(Chinese.Keys));
    }

    /// <summary>Chinese has sentences of its own for what the gateway says in English.</summary>
    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_places()
    {
        Assert.Empty(English.Keys.Except(Chinese.Keys));
        Assert.All(Chinese.Keys.Except(English.Keys), key => Assert.Matches("^(reason|next|why|do)_", key));
        Assert.All(English, text => Assert.Equal(Places(text.Value), Places(Chinese[text.Key])));
    }

    [Fact]
    public void The_page_loads_nothing_from_elsewhere_and_has_no_inline_code()
    {
        var page = Content("");
        Assert.DoesNotMatch(@"(?:src|href)=""(?:https?:)?//", page);
        Assert.DoesNotMatch(@"<script(?![^>]*src=)|<style|\son\w+=|style=""", page);
        Assert.DoesNotContain("http", Content("page.js"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"innerHTML|insertAdjacentHTML|eval\(|@import|url\(", Content("page.js") + Content("page.css"));
    }

    [Theory]
    [InlineData("../page.html")]
    [InlineData("page.cs")]
    [InlineData("nothing.html")]
    [InlineData("api/live")]
    public void No_other_file_is_served(string name) => Assert.Null(PageFiles.Find(name));

    private static string Content(string name) => System.Text.Encoding.UTF8.GetString(PageFiles.Find(name)!.Value.Content);

    private static Dictionary<string, string> Texts(string language) => JsonSerializer.Deserialize<Dictionary<string, string>>(Content($"texts.{language}.json"))!;

    private static List<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Order()];

    [GeneratedRegex(@"data-(?:text|label)=""(\w+)""")]
    private static partial Regex DataText();

    [GeneratedRegex(@"\btext\('(\w+)'")]
    private static partial Regex TextCall();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();
}
