using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Testing;

namespace SmartDistrict.Telemetry.Tests.LineProtocol;

public sealed class LineReaderTests
{
    /// <summary>Text and what is read from it: points as <c>measurement|tags|fields with type|timestamp</c>, problems as <c>!line:column</c>.</summary>
    public static TheoryData<string, string[]> Texts => new()
    {
        // whole lines
        { "m f=1 2", ["m||f:f1|2"] },
        { "m f=1", ["m||f:f1|"] },
        { "m,a=x,b=y f=1,g=2i -3\n", ["m|a=x,b=y|f:f1,g:i2|-3"] },
        { "m f=1 1\nm f=2 2\n\n\nm f=3 3", ["m||f:f1|1", "m||f:f2|2", "m||f:f3|3"] },
        { "m f=1 1\r\nm f=2i\r\nm f=\"x\"\r\n\r\n", ["m||f:f1|1", "m||f:i2|", "m||f:sx|"] },
        { "# comment, \"quoted\nm f=1 1\n  # indented\n#\nm f=2 2", ["m||f:f1|1", "m||f:f2|2"] },
        { "", [] },
        { " \t\r\n\n", [] },
        { "  m   f=1   1  \n", ["m||f:f1|1"] },
        // types
        { "m a=1,b=1.,c=.5,d=-1.5E-3,e=1e5,g=1E+2,h=0", ["m||a:f1,b:f1,c:f0.5,d:f-0.0015,e:f100000,g:f100,h:f0|"] },
        { "m a=0i,b=-9223372036854775808i,c=9223372036854775807i", ["m||a:i0,b:i-9223372036854775808,c:i9223372036854775807|"] },
        { "m a=0u,b=18446744073709551615u", ["m||a:u0,b:u18446744073709551615|"] },
        { "m a=t,b=T,c=true,d=True,e=TRUE", ["m||a:bTrue,b:bTrue,c:bTrue,d:bTrue,e:bTrue|"] },
        { "m a=f,b=F,c=false,d=False,e=FALSE", ["m||a:bFalse,b:bFalse,c:bFalse,d:bFalse,e:bFalse|"] },
        { "m a=\"\",b=\"x y,z=1\"", ["m||a:s,b:sx y,z=1|"] },
        // escapes
        { @"my\,\ m,t\ k\,\==v\ w\,\= f\ k\,\==1 1", ["my, m|t k,==v w,=|f k,=:f1|1"] },
        { @"m,t=a\b,u=c\\d,v=e\\\,f f=1", [@"m|t=a\b,u=c\\d,v=e\\,f|f:f1|"] },
        { @"m,t=a\\,u=b f=1", ["!1:10"] }, // the second backslash escapes the comma, so the value's equals sign stands bare
        { @"m\=x f=1", [@"m\=x||f:f1|"] },
        { "m=x f=1", ["m=x||f:f1|"] },
        { "m f=\"a\\\"b\\\\c\\d\\n\"", ["m||f:sa\"b\\c\\d\\n|"] },
        { "m f=\"\\\\\" 1", ["m||f:s\\|1"] },
        { "m,t=\"q'u f=1", ["m|t=\"q'u|f:f1|"] },
        { "m \"f\"=1", ["m||\"f\":f1|"] },
        { "客流,门=北门🚪 人=\"三\" 1", ["客流|门=北门🚪|人:s三|1"] },
        { "m f=\"first\nsecond\r\nthird\" 1\nm f=2", ["m||f:sfirst\nsecond\r\nthird|1", "m||f:f2|"] },
        { "m,t=_v f=1", ["m|t=_v|f:f1|"] },
        // duplicates
        { "m f=1,f=2i 1", ["m||f:f1,f:i2|1"] },
        { "m,t=a,t=b f=1 1", ["!1:7"] },
        // bad lines: where, and the rest goes on
        { "m\nm f=1", ["!1:2", "m||f:f1|"] },
        { ",t=a f=1", ["!1:1"] },
        { "m,t f=1", ["!1:4"] },
        { "m,t= f=1", ["!1:5"] },
        { "m,=a f=1", ["!1:3"] },
        { "m,t=a=b f=1", ["!1:6"] },
        { "m,t=a", ["!1:6"] },
        { "m,t=a\\ f=1", ["!1:9"] },
        { "m, f=1", ["!1:3"] },
        { "m f 1", ["!1:4"] },
        { "m f= 1", ["!1:5"] },
        { "m f=1, 1", ["!1:7"] },
        { "m f=1,=2", ["!1:7"] },
        { "m  1", ["!1:5"] },
        { "m f=tRUE", ["!1:5"] },
        { "m f=abc\nm g=1\nm h=x", ["!1:5", "m||g:f1|", "!3:5"] },
        { "m f=+1", ["!1:5"] },
        { "m f=1.i", ["!1:5"] },
        { "m f=-1u", ["!1:5"] },
        { "m f=0x5", ["!1:5"] },
        { "m f=nan", ["!1:5"] },
        { "m f=-", ["!1:5"] },
        { "m f=1e400", ["!1:5"] },
        { "m f=1_0", ["!1:5"] },
        { "m f=9223372036854775808i", ["!1:5"] },
        { "m f=18446744073709551616u", ["!1:5"] },
        { "m f=\"x\"y", ["!1:8"] },
        { "m f=1 1.5", ["!1:7"] },
        { "m f=1 +5", ["!1:7"] },
        { "m f=1 9223372036854775807", ["!1:7"] },
        { "m f=1 -9223372036854775807", ["!1:7"] },
        { "m f=1 9223372036854775806", ["m||f:f1|9223372036854775806"] },
        { "m f=1 1 2", ["!1:9"] },
        { "m\tf=1 1", ["!1:8"] },
        { "_m f=1", ["!1:1"] },
        { "m _f=1", ["!1:3"] },
        { "m time=1", ["!1:3"] },
        { "m,time=x f=1", ["!1:3"] },
        { "m,field=x f=1", ["!1:3"] },
        // strings in bad lines
        { "m f=\"open\nm g=1\nm h=2", ["!1:5", "m||g:f1|", "m||h:f2|"] },
        { "m bad=x,f=\"in a string:\nm g=1\n\" 1\nm h=2", ["!1:7", "m||h:f2|"] },
        { "m f=\"two\nlines\",g=x 1\nm h=2", ["!2:10", "m||h:f2|"] },
        { "#\n\nm f=\"two\nlines\" x\nm h=?", ["!4:8", "!5:5"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_read_as_the_specification_says(string text, string[] expected) =>
        Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_problem_says_what_is_wrong_and_shows_the_line()
    {
        var reader = new LineReader("m f=1\r\nm,t=a f=abc 5\r\nm f=2"u8);
        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.Equal("line 2, column 9: not a number, a boolean (t, f, true, false) or a string in double quotes", reader.Problem.ToString());
        Assert.Equal("m,t=a f=abc 5", Encoding.UTF8.GetString(reader.RawLine));
        Assert.True(reader.Read());
        Assert.Equal((null, 3), (reader.Problem, reader.LineNumber));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_problem_of_their_line()
    {
        byte[] text = [.. "m f=1\nm,t=a"u8, 0xC3, 0x28, .. " f=1\nm f=2"u8];
        Assert.Equal(["m||f:f1|", "!2:6", "m||f:f2|"], Read(text));
    }

    [Fact]
    public void A_string_longer_than_64_KiB_is_refused()
    {
        Assert.Equal(["!1:5"], Read(Encoding.UTF8.GetBytes($"m f=\"{new string('x', 65_537)}\"")));
        Assert.Single(Read(Encoding.UTF8.GetBytes($"m f=\"{new string('x', 65_536)}\"")), line => line[0] != '!');
    }

    [Fact]
    public void A_point_knows_its_series_and_finds_its_parts()
    {
        var reader = new LineReader("m,a=x,b=y\\ z f=1,g=2i,f=3 9"u8);
        Assert.True(reader.Read());
        var point = reader.Point;
        Assert.Equal("m,a=x,b=y\\ z", Encoding.UTF8.GetString(point.RawSeries));
        Assert.True(point.TryGetTag("b"u8, out var b));
        Assert.Equal("y\\ z", Encoding.UTF8.GetString(b));
        Assert.False(point.TryGetTag("c"u8, out _));
        Assert.True(point.TryGetField("f"u8, out var f));
        Assert.Equal(3, f.Float);
        Assert.False(point.TryGetField("h"u8, out _));
    }

    [Fact]
    public void Good_lines_are_read_without_allocating()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i =>
            $"footfall_1m,district=harbour,line=ln-{i} entries={i}i,exits=2i,load=0.5,status=\"complete\" {i}\n")));
        long Sum()
        {
            long sum = 0;
            var reader = new LineReader(text);
            while (reader.Read())
                if (reader.Point.TryGetField("entries"u8, out var entries))
                    sum += entries.Integer;
            return sum;
        }
        Assert.Equal(4950, Sum());
        Assert.Equal(0, Allocations.InSteadyState(() => Sum()));
    }

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        var random = new Random(7);
        var alphabet = "ab ,=\"\\é客🚪\t#'{}".EnumerateRunes().ToArray();
        var backslashBeforeSpecial = new Regex(@"\\[,= ]");
        string Word(bool name)
        {
            while (true)
            {
                var word = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => alphabet[random.Next(alphabet.Length)]));
                if (!name || (!backslashBeforeSpecial.IsMatch(word) && word[^1] != '\\' && word[0] is not ('#' or ' ' or '\t' or '_')))
                    return word;
            }
        }
        var writer = new LineWriter();
        for (var round = 0; round < 2_000; round++)
        {
            writer.Clear();
            var tags = Enumerable.Range(0, random.Next(4)).Select(i => (Key: i + Word(true), Value: Word(true))).ToArray();
            var fields = Enumerable.Range(0, random.Next(1, 5)).Select(i => (Key: i + Word(true), Value: (object)(random.Next(5) switch
            {
                0 => random.NextInt64(long.MinValue, long.MaxValue),
                1 => (ulong)random.NextInt64() * 2,
                2 => BitConverter.Int64BitsToDouble(random.NextInt64(0, 0x7FEF_FFFF_FFFF_FFFF)),
                3 => random.Next(2) == 0,
                _ => Word(false) + (random.Next(2) == 0 ? "\n" : ""),
            }))).ToArray();
            var (measurement, timestamp) = (Word(true), random.NextInt64());
            writer.Measurement(measurement);
            foreach (var (key, value) in tags)
                writer.Tag(key, value);
            foreach (var (key, value) in fields)
                _ = value switch
                {
                    long v => writer.Field(key, v),
                    ulong v => writer.Field(key, v),
                    double v => writer.Field(key, v),
                    bool v => writer.Field(key, v),
                    _ => writer.Field(key, (string)value),
                };
            writer.End(timestamp);

            var reader = new LineReader(writer.Written);
            Assert.True(reader.Read());
            Assert.True(reader.Problem is null, $"{reader.Problem}: {Encoding.UTF8.GetString(writer.Written)}");
            var point = reader.Point;
            Assert.Equal(measurement, point.Measurement);
            Assert.Equal(timestamp, point.Timestamp);
            Assert.Equal(Encoding.UTF8.GetString(writer.Line), Encoding.UTF8.GetString(point.Line));
            var readTags = new List<(string, string)>();
            foreach (var tag in point.Tags)
                readTags.Add((tag.Key, tag.Value));
            Assert.Equal(tags, readTags);
            var readFields = new List<(string, object)>();
            foreach (var field in point.Fields)
                readFields.Add((field.Key, ValueOf(field.Field)));
            Assert.Equal(fields, readFields);
            Assert.False(reader.Read());
        }
    }

    [Fact]
    public void Random_bytes_never_break_the_reader_and_the_good_line_behind_them_is_read()
    {
        var random = new Random(11);
        var pieces = (string[])["m", ",", " ", "=", "\"", "\\", "\n", "\r\n", "1", "i", "u", ".", "e", "-", "t", "#", "é", "_", "\0", "time"];
        for (var round = 0; round < 20_000; round++)
        {
            var noise = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)])).Replace("\"", round % 2 == 0 ? "" : "\"", StringComparison.Ordinal);
            var lines = Read(Encoding.UTF8.GetBytes(noise + "\nlast f=1 1\n"));
            // Only a string that noise opened can hold the last line.
            if (!noise.Contains('"', StringComparison.Ordinal))
                Assert.Equal("last||f:f1|1", lines[^1]);
        }
    }

    [Theory]
    [InlineData("x\n")]
    [InlineData("m f=\"\\\"\n")]
    [InlineData("m f=1,\"\n")]
    [InlineData("m,a=b\n")]
    [InlineData("\\\\\n")]
    public void Bad_input_costs_time_in_proportion_to_its_length(string line)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 1_000_000 / line.Length)));
        var watch = Stopwatch.StartNew();
        var reader = new LineReader(text);
        while (reader.Read())
        {
        }
        // Linear takes some hundred milliseconds; quadratic takes minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    private static List<string> Read(ReadOnlySpan<byte> text)
    {
        var read = new List<string>();
        var reader = new LineReader(text);
        while (reader.Read())
            read.Add(reader.Problem is { } problem ? $"!{problem.Line}:{problem.Column}" : Describe(reader.Point));
        return read;
    }

    private static string Describe(LinePoint point)
    {
        var tags = new List<string>();
        foreach (var tag in point.Tags)
            tags.Add($"{tag.Key}={tag.Value}");
        var fields = new List<string>();
        foreach (var field in point.Fields)
            fields.Add(string.Create(CultureInfo.InvariantCulture, $"{field.Key}:{char.ToLowerInvariant(field.Field.Type.ToString()[0])}{ValueOf(field.Field)}"));
        return $"{point.Measurement}|{string.Join(',', tags)}|{string.Join(',', fields)}|{point.Timestamp}";
    }

    private static object ValueOf(FieldValue field) => field.Type switch
    {
        FieldType.Float => field.Float,
        FieldType.Integer => field.Integer,
        FieldType.Unsigned => field.Unsigned,
        FieldType.Boolean => field.Boolean,
        _ => field.Text,
    };
}
