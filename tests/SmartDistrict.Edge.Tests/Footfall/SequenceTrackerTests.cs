using SmartDistrict.Edge.Footfall;

namespace SmartDistrict.Edge.Tests.Footfall;

public sealed class SequenceTrackerTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void It_knows_what_came_and_what_is_missing_in_any_order_and_after_being_stored(int seed)
    {
        var random = new Random(seed);
        var tracker = new SequenceTracker();
        var came = new HashSet<long>();
        var missing = 0L;
        var first = -1L;
        for (var step = 0; step < 2000; step++)
        {
            var sequence = random.Next(3) == 0 ? random.Next(600) : Math.Max(0, tracker.Highest + random.Next(-5, 6));
            Assert.Equal(came.Contains(sequence), tracker.Contains(sequence));
            if (came.Add(sequence))
            {
                tracker.Add(sequence, line: 3, at: step, out var opened, out var filled);
                missing += (opened?.Count ?? 0) - (filled is null ? 0 : 1);
                first = first < 0 ? sequence : first;
            }
            if (random.Next(50) == 0)
                tracker = SequenceTracker.FromBytes(tracker.ToBytes());
            // what lies before the first number heard was never shown to be missing
            Assert.Equal(tracker.Highest - first + 1 - came.Count(s => s >= first), missing);
        }
    }

    [Fact]
    public void A_gap_remembers_where_it_was_booked()
    {
        var tracker = new SequenceTracker();
        tracker.Add(0, line: 1, at: 10, out _, out _);
        tracker.Add(5, line: 2, at: 20, out var opened, out _);
        Assert.Equal((1, 4, 2, 20), (opened!.Value.First, opened.Value.Last, opened.Value.Line, opened.Value.At));
        tracker.Add(3, line: 1, at: 99, out _, out var filled);
        Assert.Equal((2, 20), (filled!.Value.Line, filled.Value.At));
        Assert.Equal([(1L, 2L), (4L, 4L)], tracker.Gaps.Select(gap => (gap.First, gap.Last)));
    }

    [Fact]
    public void A_number_is_entered_once()
    {
        var tracker = new SequenceTracker();
        tracker.Add(0, 1, 1, out _, out _);
        Assert.Throws<InvalidOperationException>(() => tracker.Add(0, 1, 1, out _, out _));
    }
}
