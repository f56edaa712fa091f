using System.Globalization;
using System.Text;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Fuzz.Targets;

/// <summary>
/// Line protocol as others write it to the store: each line is a point or a problem with its place, a point reads the
/// same again from its own line, and what our writer takes our reader gives back.
/// </summary>
internal sealed class LineProtocolText : FuzzTarget
{
    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            "footfall_1m,district=harbour,line=ln-01 entries=3i,exits=1i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,expected=4i,received=4i,generation=7i,revision=12i,status=\"complete\" 1772438400\n",
            "footfall_15m,district=harbour,line=ln-01 entries=3i,exits=1i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,received=4i,generation=7i,revision=12i,status=\"void\" 1772438400\n",
            "device_health,device=node-01,district=harbour,gateway=gw-1 last_seen=1772438429000i,readings=9i,duplicates=0i 1772438400\n",
            "m f=1\n", "m,a=b f=t,g=F,h=TRUE 1\r\n", "m\\,x,a\\ b=c\\=d f\\,g=\"a \\\"quoted\\\" \\\\ string\" -9223372036854775808\n",
            "# a comment\n\n  m f=1.5e10,u=18446744073709551615u\n", "m f=\"over\ntwo lines\"\n", "客流,区=一 数=3i 9223372036854775807\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            ",", "=", " ", "\n", "\r\n", "\"", "\\", "\\\"", "\\ ", "\\,", "\\=", "\\\\", "#", "i", "u", "t", "false", "NaN", "-inf", "1e999", "1e-999", "0x1", "9223372036854775808i", "18446744073709551616u",
            "-0i", "+1", ".5", "5.", "_field", "time", "_measurement=", " f=1 ", ",f=\"", "\" 1", "1772438400", "\uFEFF", "\0", "district=", "status=\"complete\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    private readonly Mutation mutation = new(Seeds, Fragments, longest: 128 << 10);
    private readonly LineWriter writer = new();

    public override string Name => "line-protocol";

    public override byte[] Next(Random random)
    {
        if (random.Next(10) == 0)
            return Mutation.Noise(random, 200);
        List<byte> text = [];
        for (var lines = random.Next(1, 5); lines > 0; lines--)
            text.AddRange(mutation.Seed(random));
        return mutation.Damage(random, [.. text]);
    }

    public override bool Read(byte[] input, Random random)
    {
        var reader = new LineReader(input);
        var lines = 1 + input.AsSpan().Count((byte)'\n');
        var points = 0;
        while (reader.Read())
        {
            BrokenPromiseException.Unless(lines-- > 0, "more lines were read than there are");
            if (reader.Problem is { } problem)
            {
                BrokenPromiseException.Unless(problem is { Line: >= 1, Column: >= 1 } && problem.What.Length > 0, "a problem without a place");
                continue;
            }
            Check(reader.Point);
            points++;
        }
        WriteAndRead(input, random);
        return points > 0;
    }

    private static void Check(LinePoint point)
    {
        var described = Describe(point);
        var again = new LineReader(point.Line);
        BrokenPromiseException.Unless(again.Read() && again.Problem is null, "a point's own line is refused");
        BrokenPromiseException.Unless(Describe(again.Point) == described, "a point's own line reads otherwise");
        BrokenPromiseException.Unless(!again.Read(), "a point's own line holds two");
        if (FootfallPoint.IsFootfall(point.RawMeasurement, out _)
            && !FootfallPoint.TryRead(point, FootfallPoint.Precision, out _, out _, out var problem))
            BrokenPromiseException.Unless(!string.IsNullOrEmpty(problem), "a window is refused without a reason");
    }

    /// <summary>Takes pieces of the input for names and values.</summary>
    private void WriteAndRead(byte[] input, Random random)
    {
        var text = Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 400)));
        var (measurement, tag, value, field, said) = (Piece(), Piece(), Piece(), Piece(), Piece());
        var number = random.NextInt64();
        writer.Clear();
        try
        {
            writer.Measurement(measurement).Tag(tag, value).Field(field, said).Field(field + "n", number).End(number);
        }
        catch (ArgumentException)
        {
            // what no escape can express is refused, as documented
            return;
        }
        var reader = new LineReader(writer.Written);
        BrokenPromiseException.Unless(reader.Read(), "a written point is not there");
        BrokenPromiseException.Unless(reader.Problem is null, $"a written point is refused: {reader.Problem}");
        var expected = string.Create(CultureInfo.InvariantCulture, $"{measurement}|{tag}={value}|{field}:String{said},{field}n:Integer{number},|{number}");
        BrokenPromiseException.Unless(Describe(reader.Point) is var actual && actual == expected, $"a written point reads otherwise: {actual} for {expected}");

        string Piece()
        {
            var from = random.Next(text.Length + 1);
            var piece = text.Substring(from, random.Next(Math.Min(20, text.Length - from) + 1));
            // half a letter has no form in UTF-8
            return new string([.. piece.Where(letter => !char.IsSurrogate(letter))]);
        }
    }

    private static string Describe(LinePoint point)
    {
        var text = new StringBuilder(point.Measurement).Append('|');
        foreach (var tag in point.Tags)
            text.Append(tag.Key).Append('=').Append(tag.Value);
        text.Append('|');
        foreach (var field in point.Fields)
            text.Append(field.Key).Append(':').Append(field.Field.Type).Append(field.Field.Type switch
            {
                FieldType.Float => field.Field.Float.ToString("R", CultureInfo.InvariantCulture),
                FieldType.Integer => field.Field.Integer.ToString(CultureInfo.InvariantCulture),
                FieldType.Unsigned => field.Field.Unsigned.ToString(CultureInfo.InvariantCulture),
                FieldType.Boolean => field.Field.Boolean ? "true" : "false",
                _ => field.Field.Text,
            }).Append(',');
        return text.Append('|').Append(point.Timestamp?.ToString(CultureInfo.InvariantCulture)).ToString();
    }
}
