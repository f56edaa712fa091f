using System.Diagnostics.Metrics;
using SmartDistrict.Edge.Status;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Status;

/// <summary>What <c>/metrics</c> answers keeps the rules of the format, whatever a device is called.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter meter = new("test");

    public void Dispose() => meter.Dispose();

    [Theory]
    [InlineData("outbox.size", "By", false, "outbox_size_bytes")]
    [InlineData("journal.written", "By", true, "journal_written_bytes_total")]
    [InlineData("readings", "{reading}", true, "readings_total")]
    [InlineData("outbox.oldest.age", "s", false, "outbox_oldest_age_seconds")]
    [InlineData("machine.temperature", "Cel", false, "machine_temperature_celsius")]
    [InlineData("disk.written.rate", "By/d", false, "disk_written_rate_bytes_per_day")]
    [InlineData("device.rate", "{reading}/min", false, "device_rate_per_minute")]
    [InlineData("a_bytes", "By", false, "a_bytes")]
    public void Names_carry_their_unit_as_a_collector_would_name_them(string name, string unit, bool counter, string expected)
    {
        Instrument instrument = counter ? meter.CreateObservableCounter(name, () => 0d, unit) : meter.CreateObservableGauge(name, () => 0d, unit);
        Assert.Equal(expected, PrometheusText.NameOf(instrument));
    }

    [Fact]
    public void Labels_and_helps_with_any_sign_come_back_as_they_were()
    {
        const string odd = "quote \" backslash \\ line\nfeed 计数 {a=\"b\"} # HELP";
        meter.CreateObservableGauge("odd", () => new Measurement<double>(1.5, new KeyValuePair<string, object?>("device", odd), new("state", "ok")), null, odd);
        using var text = new PrometheusText(meter);
        var read = Exposition.Parse(text.Render());
        Assert.Equal(odd, read.Families["odd"].Help);
        Assert.Equal("gauge", read.Families["odd"].Type);
        Assert.Equal(1.5, read.Value("odd", ("device", odd), ("state", "ok")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e300)]
    [InlineData(-0.1)]
    [InlineData(1234567890123)]
    [InlineData(double.MaxValue)]
    [InlineData(1e-7)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Numbers_come_back_exactly(double value)
    {
        meter.CreateObservableGauge("number", () => value);
        using var text = new PrometheusText(meter);
        Assert.Equal(value, Exposition.Parse(text.Render()).Value("number"));
    }

    [Fact]
    public void A_gauge_that_has_nothing_to_say_is_absent_and_each_reading_is_new()
    {
        var values = new Queue<double[]>([[], [1], [2, 3]]);
        meter.CreateObservableGauge("sometimes", () => values.Dequeue().Select((value, i) => new Measurement<double>(value, new KeyValuePair<string, object?>("i", i))));
        using var text = new PrometheusText(meter);
        Assert.Equal("", text.Render());
        Assert.Equal(1, Assert.Single(Exposition.Parse(text.Render()).Families["sometimes"].Samples).Value);
        Assert.Equal(2, Exposition.Parse(text.Render()).Families["sometimes"].Samples.Count);
    }

    [Fact]
    public void Another_meters_instruments_are_not_its_own()
    {
        using var other = new Meter("test");
        other.CreateObservableGauge("foreign", () => 1d);
        using var text = new PrometheusText(meter);
        Assert.Equal("", text.Render());
    }
}
