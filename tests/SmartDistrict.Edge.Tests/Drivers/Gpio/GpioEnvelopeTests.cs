using System.Text;
using SmartDistrict.Edge.Drivers.Gpio;

namespace SmartDistrict.Edge.Tests.Drivers.Gpio;

public sealed class GpioEnvelopeTests
{
    public static TheoryData<string, string> Notices => new()
    {
        {
            Show(new GpioNotice.Start("gateway started", new Dictionary<string, int> { ["a"] = 0, ["b"] = 1 }, 81_000_000_123)),
            """{"start":true,"cause":"gateway started","levels":{"a":0,"b":1},"at":81000000123}"""
        },
        {
            Show(new GpioNotice.Edges([new("a", 1, 81_400_000_000, 17), new("b", 0, 81_400_000_001, 4_294_967_295)])),
            """{"edges":[{"line":"a","level":1,"t":81400000000,"seq":17},{"line":"b","level":0,"t":81400000001,"seq":4294967295}]}"""
        },
        { Show(new GpioNotice.Lost(new Dictionary<string, long> { ["a"] = 3 }, 81_400_000_000)), """{"lost":{"a":3},"at":81400000000}""" },
        { Show(new GpioNotice.Gone("EBUSY: »other« uses it", 0)), """{"gone":"EBUSY: »other« uses it","at":0}""" },
    };

    [Theory]
    [MemberData(nameof(Notices))]
    public void Each_notice_has_one_form_on_disk(string notice, string json)
    {
        Assert.True(GpioEnvelope.TryRead(Encoding.UTF8.GetBytes(json), out var read, out var problem), problem?.What);
        Assert.Equal(notice, Show(read));
        Assert.Equal(json, Encoding.UTF8.GetString(GpioEnvelope.Write(read)));
    }

    [Theory]
    [InlineData("""{"note":{"x":[1]},"edges":[{"level":1,"u":[{}],"line":"a","seq":1,"t":5}]}""", "edges a=1@5#1")]
    [InlineData("""{"at":5,"levels":{"door":1},"start":true}""", "start '' door=1 @5")]
    public void Order_does_not_matter_and_unknown_members_are_passed_over(string json, string expected)
    {
        Assert.True(GpioEnvelope.TryRead(Encoding.UTF8.GetBytes(json), out var read, out _));
        Assert.Equal(expected, Show(read));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{}", "exactly one of")]
    [InlineData("""{"start":false,"levels":{"a":0},"at":1}""", "exactly one of")]
    [InlineData("""{"lost":{"a":3},"gone":"x","at":1}""", "exactly one of")]
    [InlineData("""{"start":true,"at":1}""", "'levels' is missing")]
    [InlineData("""{"start":true,"levels":{},"at":1}""", "'levels' is empty")]
    [InlineData("""{"start":true,"levels":{"a":2},"at":1}""", "'levels' is no whole number from 0 to 1")]
    [InlineData("""{"start":true,"levels":{"A B":0},"at":1}""", "role")]
    [InlineData("""{"start":true,"levels":{"a":0}}""", "'at' is missing")]
    [InlineData("""{"lost":{"a":0},"at":1}""", "'lost' is no whole number from 1")]
    [InlineData("""{"lost":{"a":3},"at":-1}""", "'at' is no whole number")]
    [InlineData("""{"gone":7,"at":1}""", "'gone' is no text")]
    [InlineData("""{"edges":[]}""", "'edges' is empty")]
    [InlineData("""{"edges":{}}""", "'edges' is no array")]
    [InlineData("""{"edges":[7]}""", "an edge is no object")]
    [InlineData("""{"edges":[{"line":"a","level":1,"t":5}]}""", "an edge lacks")]
    [InlineData("""{"edges":[{"line":"a","level":1,"t":5,"seq":4294967296}]}""", "'seq' is no whole number")]
    [InlineData("""{"edges":[{"line":"a","level":1,"t":0.5,"seq":1}]}""", "'t' is no whole number")]
    [InlineData("""{"edges":[{"line":"a","level":1,"t":5,"seq":1}]""", "JSON")]
    [InlineData("""{"gone":"x","at":1} {}""", "'{'")]
    [InlineData("""{"gone":"\ud800","at":1}""", "UTF-16")]
    public void What_is_no_notice_is_refused_whole_and_says_why(string json, string why)
    {
        Assert.False(GpioEnvelope.TryRead(Encoding.UTF8.GetBytes(json), out var read, out var problem));
        Assert.Null(read);
        Assert.Contains(why, problem.Value.What, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Value.Mend);
    }

    [Fact]
    public void More_edges_than_the_kernel_keeps_are_no_notice()
    {
        GpioEdge[] Edges(int count) => [.. Enumerable.Range(1, count).Select(i => new GpioEdge("a", i & 1, i, i))];
        Assert.True(GpioEnvelope.TryRead(GpioEnvelope.Write(new GpioNotice.Edges(Edges(GpioEnvelope.MaxEdges))), out _, out _));
        Assert.False(GpioEnvelope.TryRead(GpioEnvelope.Write(new GpioNotice.Edges(Edges(GpioEnvelope.MaxEdges + 1))), out _, out _));
    }

    [Theory]
    [InlineData("gpio/beam-01", "beam-01")]
    [InlineData("gpio/", null)]
    [InlineData("gpio/beam-01/x", null)]
    [InlineData("sd/v1/harbour/beam/beam-01/reading", null)]
    public void The_topic_names_the_device(string topic, string? device)
    {
        Assert.Equal(device is not null, GpioEnvelope.TryDevice(Encoding.UTF8.GetBytes(topic), out var found));
        if (device is null)
            return;
        Assert.Equal(device, Encoding.UTF8.GetString(found));
        Assert.Equal(topic, Encoding.UTF8.GetString(GpioEnvelope.Topic(device)));
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused_but_never_throw()
    {
        var random = new Random(20261121);
        var seeds = Notices.Select(row => Encoding.UTF8.GetBytes(row.Data.Item2)).ToArray();
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seeds[i % seeds.Length].ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (GpioEnvelope.TryRead(bytes.AsSpan(0, random.Next(bytes.Length / 2, bytes.Length + 1)), out var read, out var problem))
                Assert.Equal(Show(read), Show(ReadBack(read)));
            else
            {
                Assert.NotEmpty(problem.Value.What);
                refused++;
            }
        }
        Assert.InRange(refused, 10_000, 19_999);
    }

    private static GpioNotice ReadBack(GpioNotice notice) =>
        GpioEnvelope.TryRead(GpioEnvelope.Write(notice), out var read, out var problem) ? read : throw new InvalidDataException(problem.Value.What);

    private static string Show(GpioNotice notice) => notice switch
    {
        GpioNotice.Start start => $"start '{start.Cause}' {string.Join(' ', start.Levels.Select(level => $"{level.Key}={level.Value}"))} @{start.At}",
        GpioNotice.Edges edges => "edges " + string.Join(' ', edges.List.Select(edge => $"{edge.Line}={edge.Level}@{edge.Time}#{edge.Sequence}")),
        GpioNotice.Lost lost => $"lost {string.Join(' ', lost.Counts.Select(count => $"{count.Key}={count.Value}"))} @{lost.At}",
        GpioNotice.Gone gone => $"gone '{gone.Reason}' @{gone.At}",
        _ => throw new InvalidOperationException(),
    };
}
