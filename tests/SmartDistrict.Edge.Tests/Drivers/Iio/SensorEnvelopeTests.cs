using System.Text;
using SmartDistrict.Edge.Drivers.Iio;

namespace SmartDistrict.Edge.Tests.Drivers.Iio;

public sealed class SensorEnvelopeTests
{
    private const string Sht3x = """{"chip":"sht3x","read":{"humidity1_input":"45300","temp1_input":"21437"}}""";

    [Fact]
    public void What_was_read_has_one_form_on_disk()
    {
        Dictionary<string, string> attributes = new() { ["humidity1_input"] = "45300", ["temp1_input"] = "21437" };
        Assert.Equal(Sht3x, Encoding.UTF8.GetString(SensorEnvelope.Write("sht3x", attributes)));
        Assert.True(SensorEnvelope.TryRead(Encoding.UTF8.GetBytes(Sht3x), out var read, out _));
        Assert.Equal(attributes, read);
        Assert.Equal("sensor/cabinet-01", Encoding.UTF8.GetString(SensorEnvelope.Topic("cabinet-01")));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{}", "'read' is missing")]
    [InlineData("""{"read":[]}""", "'read' is no object")]
    [InlineData("""{"read":{"temp1_input":21437}}""", "texts")]
    [InlineData("""{"read":{"temp1_input":"00000000000000000000000000000000000000000000000000000000000000001"}}""", "64 characters")]
    [InlineData("""{"read":{"temp1_input":"1"}""", "JSON")]
    [InlineData("""{"read":{"temp1_input":"\ud800"}}""", "UTF-16")]
    public void What_is_no_reading_is_refused_and_says_why(string json, string why)
    {
        Assert.False(SensorEnvelope.TryRead(Encoding.UTF8.GetBytes(json), out var read, out var problem));
        Assert.Null(read);
        Assert.Contains(why, problem.Value.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused_but_never_throw()
    {
        var random = new Random(4);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Sht3x);
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            refused += SensorEnvelope.TryRead(bytes.AsSpan(0, random.Next(bytes.Length / 2, bytes.Length + 1)), out _, out _) ? 0 : 1;
        }
        Assert.InRange(refused, 10_000, 19_999);
    }
}
