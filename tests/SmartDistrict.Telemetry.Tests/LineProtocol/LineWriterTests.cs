using System.Text;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Testing;

namespace SmartDistrict.Telemetry.Tests.LineProtocol;

public sealed class LineWriterTests
{
    [Fact]
    public void Every_type_has_its_form()
    {
        var writer = new LineWriter();
        writer.Measurement("m").Tag("a", "x").Tag("b", "y")
            .Field("i", -42L).Field("u", 42UL).Field("f", 1.5).Field("t", true).Field("n", false).Field("s", "text")
            .End(1_700_000_000);
        Assert.Equal("m,a=x,b=y i=-42i,u=42u,f=1.5,t=t,n=f,s=\"text\" 1700000000\n", Text(writer));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "-0")]
    [InlineData(1e21, "1E+21")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    [InlineData(double.Epsilon, "5E-324")]
    public void A_float_is_the_shortest_text_that_reads_back_the_same(double value, string text)
    {
        var writer = new LineWriter();
        writer.Measurement("m").Field("f", value).End();
        Assert.Equal($"m f={text}\n", Text(writer));
    }

    [Fact]
    public void Extremes_of_the_integers_are_written_whole()
    {
        var writer = new LineWriter();
        writer.Measurement("m").Field("i", long.MinValue).Field("u", ulong.MaxValue).End(long.MinValue + 2);
        Assert.Equal("m i=-9223372036854775808i,u=18446744073709551615u -9223372036854775806\n", Text(writer));
    }

    [Fact]
    public void Special_characters_are_escaped_where_the_specification_wants_it_and_nowhere_else()
    {
        var writer = new LineWriter();
        writer.Measurement("my, m=\"1\"").Tag("t k,=", "v w,=\\x").Field("f k,=\"", "say \"hi\\there\", a=b\n2").End(1);
        Assert.Equal("my\\,\\ m=\"1\",t\\ k\\,\\==v\\ w\\,\\=\\x f\\ k\\,\\=\"=\"say \\\"hi\\\\there\\\", a=b\n2\" 1\n", Text(writer));
    }

    [Fact]
    public void Names_of_any_script_are_written_in_utf8()
    {
        var writer = new LineWriter(16);
        writer.Measurement("客流").Tag("门", "北门🚪").Field("人", "三").End(1);
        Assert.Equal("客流,门=北门🚪 人=\"三\" 1\n", Text(writer));
    }

    [Fact]
    public void Series_and_line_are_what_an_outbox_stores()
    {
        var writer = new LineWriter();
        writer.Measurement("a").Field("f", 1L).End(1);
        writer.Measurement("footfall_1m").Tag("line", "ln 1").Field("entries", 3L).End(60);
        Assert.Equal("footfall_1m,line=ln\\ 1", Encoding.UTF8.GetString(writer.Series));
        Assert.Equal("footfall_1m,line=ln\\ 1 entries=3i 60", Encoding.UTF8.GetString(writer.Line));
    }

    [Fact]
    public void A_line_left_unfinished_leaves_no_trace()
    {
        var writer = new LineWriter();
        writer.Measurement("a").Field("f", 1L).End(1);
        writer.Measurement("half").Tag("t", "v").Field("f", 1L);
        Assert.Equal("a f=1i 1\n", Text(writer));
        writer.Measurement("b").Field("f", 2L).End(2);
        Assert.Equal("a f=1i 1\nb f=2i 2\n", Text(writer));
        writer.Clear();
        Assert.Equal("", Text(writer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("_internal")]
    [InlineData("#comment")]
    [InlineData("\tindented")]
    [InlineData("\0zero")]
    [InlineData("two\nlines")]
    [InlineData("trailing\\")]
    public void A_measurement_without_a_form_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new LineWriter().Measurement(name));

    [Theory]
    [InlineData("", "v")]
    [InlineData("k", "")]
    [InlineData("_k", "v")]
    [InlineData("time", "v")]
    [InlineData("field", "v")]
    [InlineData("k", "v\\")]
    [InlineData("k", "v\\,w")]
    [InlineData("k", "a\nb")]
    public void A_tag_without_a_form_is_refused_and_leaves_the_line_as_it_was(string key, string value)
    {
        var writer = new LineWriter();
        writer.Measurement("m");
        Assert.Throws<ArgumentException>(() => writer.Tag(key, value));
        writer.Field("f", 1L).End(1);
        Assert.Equal("m f=1i 1\n", Text(writer));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_missing_number_is_left_out_never_written(double value) =>
        Assert.Throws<ArgumentException>(() => new LineWriter().Measurement("m").Field("f", value));

    [Fact]
    public void Parts_out_of_order_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => new LineWriter().Tag("k", "v"));
        Assert.Throws<InvalidOperationException>(() => new LineWriter().Field("k", 1L));
        Assert.Throws<InvalidOperationException>(() => new LineWriter().Measurement("m").End(1));
        Assert.Throws<InvalidOperationException>(() => new LineWriter().Measurement("m").Field("f", 1L).Tag("k", "v"));
    }

    [Fact]
    public void In_steady_state_nothing_is_allocated()
    {
        var writer = new LineWriter();
        void Write()
        {
            writer.Clear();
            for (var i = 0; i < 100; i++)
                writer.Measurement("footfall_1m").Tag("district", "harbour").Tag("line", "ln-01")
                    .Field("entries", i).Field("load", 0.1 * i).Field("status", "complete").End(1_700_000_000 + i);
        }
        Assert.Equal(0, Allocations.InSteadyState(Write));
    }

    private static string Text(LineWriter writer) => Encoding.UTF8.GetString(writer.Written);
}
