using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Status;

/// <summary>The judge itself: it must not let a broken exposition pass.</summary>
public sealed class ExpositionTests
{
    [Theory]
    [InlineData("# TYPE a gauge\na 1", "line feed")]
    [InlineData("a 1\n", "group")]
    [InlineData("# HELP a text\na 1\n", "TYPE must stand before")]
    [InlineData("# TYPE a gauge\n# TYPE a gauge\na 1\n", "second TYPE")]
    [InlineData("# TYPE a thing\na 1\n", "no such type")]
    [InlineData("# TYPE a gauge\na 1\na 2\n", "twice")]
    [InlineData("# TYPE a gauge\na{x=\"1\",x=\"2\"} 2\n", "twice")]
    [InlineData("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# HELP a late\n", "together")]
    [InlineData("# TYPE a gauge\na 1\n# HELP a late\n", "before the samples")]
    [InlineData("# TYPE a gauge\na{x=\"\\t\"} 1\n", "escape")]
    [InlineData("# TYPE a gauge\na{x=1} 1\n", "no sample")]
    [InlineData("# TYPE a gauge\na one\n", "no sample")]
    [InlineData("# TYPE a gauge\na Infinity\n", "no sample")]
    [InlineData("# TYPE a.b gauge\n", "malformed")]
    [InlineData("# TYPE a counter\na -1\n", "negative")]
    [InlineData("# TYPE a gauge\r\na 1\n", "line feed")]
    public void What_breaks_a_rule_is_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => Exposition.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_format_documentation_s_own_example_is_read()
    {
        var read = Exposition.Parse("""
            # HELP http_requests_total The total number of HTTP requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
            http_requests_total{method="post",code="400"}    3 1395066363000
            """.Replace("    3", " 3", StringComparison.Ordinal).ReplaceLineEndings("\n") + "\n# a comment\n\n");
        Assert.Equal(1027, read.Value("http_requests_total", ("code", "200"), ("method", "post")));
    }
}
