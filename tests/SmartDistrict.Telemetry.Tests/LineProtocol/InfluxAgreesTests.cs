using System.Net;
using System.Text;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Testing;

namespace SmartDistrict.Telemetry.Tests.LineProtocol;

/// <summary>What our writer writes and our reader reads, a real InfluxDB reads alike.</summary>
public sealed class InfluxAgreesTests : IAsyncLifetime
{
    private InfluxServer influx = null!;

    public async ValueTask InitializeAsync() => influx = await InfluxServer.StartNewAsync();

    public ValueTask DisposeAsync() => influx.DisposeAsync();

    [Fact]
    public async Task Names_and_strings_with_special_characters_read_back_as_they_were()
    {
        var words = (string[])["plain", "a b", "a,b", "a=b", @"a\b", @"a\\b", "\"q\"", "it's", "客流🚪", "a\tb", "#x", "{}"];
        var writer = new LineWriter();
        for (var i = 0; i < words.Length; i++)
            writer.Measurement("names").Tag("key " + words[i], words[i]).Field("f" + words[i], words[i] + "\n" + words[i]).End(i);
        var (status, answer) = await influx.WriteAsync(Encoding.UTF8.GetString(writer.Written));
        Assert.True(status == HttpStatusCode.NoContent, answer);
        for (var i = 0; i < words.Length; i++)
        {
            var row = Assert.Single(await influx.RowsAsync($"SELECT * FROM names WHERE time = {i}s GROUP BY *"),
                row => row.TryGetValue("key " + words[i], out var value) && value.GetString() != "");
            Assert.Equal(words[i], row["key " + words[i]].GetString());
            Assert.Equal(words[i] + "\n" + words[i], row["f" + words[i]].GetString());
        }
    }

    [Theory]
    [InlineData("m f=1 1", true)]
    [InlineData("m f=.5 1", true)]
    [InlineData("m f=5. 1", true)]
    [InlineData("m f=-1.5E-3 1", true)]
    [InlineData("m f=1e5,f=2 1", true)]
    [InlineData("m,t=a   f=1   1  ", true)]
    [InlineData("  m f=1 -5", true)]
    [InlineData("m f=\"a\nb\" 1", true)]
    [InlineData("# c\nm f=1 1", true)]
    [InlineData("m,t=a,t=b f=1 1", false)]
    [InlineData("m,t= f=1 1", false)]
    [InlineData("m,t f=1 1", false)]
    [InlineData("m,t=a=b f=1 1", false)]
    [InlineData("m,t=a\\ f=1 1", false)]
    [InlineData("m f=+1 1", false)]
    [InlineData("m f=tRUE 1", false)]
    [InlineData("m f=1.i 1", false)]
    [InlineData("m f=0x5 1", false)]
    [InlineData("m f=nan 1", false)]
    [InlineData("m f=1e400 1", false)]
    [InlineData("m f=1, 1", false)]
    [InlineData("m f=1,=2 1", false)]
    [InlineData("m f= 1", false)]
    [InlineData("m f=9223372036854775808i 1", false)]
    [InlineData("m f=1 1.5", false)]
    [InlineData("m f=1 +5", false)]
    [InlineData("m f=\"x\" 1 2", false)]
    [InlineData("m\tf=1 1", false)]
    [InlineData("m time=1 1", false)]
    [InlineData("m,time=a f=1 1", false)]
    public async Task What_the_server_takes_or_refuses_we_take_or_refuse(string text, bool good)
    {
        Assert.Equal(good ? HttpStatusCode.NoContent : HttpStatusCode.BadRequest, (await influx.WriteAsync(text)).Status);
        var reader = new LineReader(Encoding.UTF8.GetBytes(text));
        Assert.True(reader.Read());
        Assert.Equal(good, reader.Problem is null);
    }
}
