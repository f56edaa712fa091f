using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Telemetry.Tests.Simulation;

public sealed class TruthLedgerTests
{
    private static Publication Message(params Sample[] samples) => new("cam-1", "t", default, 0, samples);

    private static Totals Total(long at, long? entries, long? exits = null, int bits = 63) => new("ln-1", "cam-1", at, entries, exits, bits);

    private static Period Told(long at, long entries, long exits) => new("ln-1", "cam-1", at, entries, exits);

    private static LineSums Sum(params Sample[] samples) => Harbour.Learn(samples.Select(s => Message(s))).Total();

    [Fact]
    public void What_is_said_twice_counts_once()
    {
        var once = new Counted("ln-1", "node-1 b 1", 1000, 2, 1);
        Assert.Equal(new LineSums(2, 1), Sum(once, once));
    }

    [Fact]
    public void Knowledge_of_a_running_total_begins_with_its_first_sample() =>
        Assert.Equal(new LineSums(5, 0), Sum(Total(1, 1000), Total(2, 1005)));

    [Fact]
    public void Samples_count_in_the_order_of_their_times_not_of_their_arrival() =>
        Assert.Equal(new LineSums(9, 0), Sum(Total(3, 1009), Total(1, 1000), Total(2, 1005)));

    [Fact]
    public void A_missing_sample_costs_nothing() =>
        Assert.Equal(new LineSums(9, 0), Sum(Total(1, 1000), Total(3, 1009)));

    [Fact]
    public void A_total_of_16_bits_goes_on_after_65535() =>
        Assert.Equal(new LineSums(7, 3), Sum(Total(1, 65_533, 10, bits: 16), Total(2, 4, 13, bits: 16)));

    [Fact]
    public void A_reset_loses_what_was_not_reported_before_it_and_nothing_else() =>
        Assert.Equal(new LineSums(5 + 2, 1 + 1), Sum(Total(1, 1000, 70), Total(2, 1005, 71), Total(3, 2, 1)));

    [Fact]
    public void Both_directions_are_reset_together_even_if_one_total_has_not_fallen() =>
        Assert.Equal(new LineSums(2, 5), Sum(Total(1, 1000, 4), Total(2, 2, 5)));

    [Fact]
    public void Periods_told_later_are_contained_in_the_totals_around_them() =>
        Assert.Equal(new LineSums(9, 4), Sum(Total(1, 1000, 70), Told(2, 3, 1), Told(3, 4, 2), Total(4, 1009, 74)));

    [Fact]
    public void Periods_before_a_reset_prove_people_whom_the_totals_forgot() =>
        Assert.Equal(new LineSums(7, 5), Sum(Total(1, 1000, 70), Told(2, 3, 1), Told(3, 4, 2), Total(4, 2, 5)));

    [Fact]
    public void Periods_before_the_first_total_count_and_once() =>
        Assert.Equal(new LineSums(3 + 5, 1), Sum(Told(2, 3, 1), Told(2, 3, 1), Total(3, 1000, 70), Total(4, 1005, 70)));

    [Fact]
    public void Garbage_and_heartbeats_tell_nothing() =>
        Assert.Equal(default, Sum());
}
