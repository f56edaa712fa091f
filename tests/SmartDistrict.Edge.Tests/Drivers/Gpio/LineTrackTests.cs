using SmartDistrict.Edge.Drivers.Gpio;

namespace SmartDistrict.Edge.Tests.Drivers.Gpio;

public sealed class LineTrackTests
{
    [Theory]
    [InlineData("1=1 2=0 3=1", "0 0 0")]
    [InlineData("1=1 4=0 5=1", "0 2 0")] // a gap of two: the level fits
    [InlineData("1=1 3=0", "0 2")] // a gap of one after which the level does not fit: one more
    [InlineData("1=1 3=1", "0 1")] // a gap of one, the level fits
    [InlineData("1=1 2=1 3=0", "0 1 0")] // the same edge twice: what lay between was too short to be seen
    [InlineData("1=0", "1")] // the level that the line had already
    [InlineData("5=1", "4")]
    public void An_edge_shows_what_is_missing_before_it(string edges, string lost)
    {
        var track = new LineTrack();
        track.Start(0, 0);
        Assert.Equal(lost, string.Join(' ', edges.Split(' ').Select(edge => track.Take(uint.Parse(edge[..^2], null), edge[^1] - '0'))));
    }

    [Fact]
    public void The_numbers_wrap()
    {
        var track = new LineTrack();
        track.Start(1, uint.MaxValue - 1);
        Assert.Equal(0, track.Take(uint.MaxValue, 0));
        Assert.Equal(0, track.Take(0, 1));
        Assert.Equal(3, track.Take(4, 1));
    }

    [Fact]
    public void Of_any_stream_the_loss_found_is_at_least_what_the_queue_dropped_and_never_more_than_what_was_dropped_or_merged()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var track = new LineTrack();
            track.Start(0, 0);
            int level = 0, dropped = 0, merged = 0, sent = 0;
            uint number = 0;
            long found = 0, received = 0;
            for (var i = 0; i < 200; i++)
            {
                level ^= 1;
                sent++;
                // two edges that the kernel saw as one: no number was given to the other
                if (random.Next(20) == 0)
                {
                    merged++;
                    continue;
                }
                number++;
                if (random.Next(10) == 0)
                {
                    dropped++;
                    continue;
                }
                received++;
                found += track.Take(number, level);
            }
            // the last edge is delivered, as the kernel does: it drops the oldest
            found += track.Take(++number, level ^ 1);
            Assert.InRange(found, dropped, dropped + merged);
            Assert.True(received + found <= sent, $"round {round}");
        }
    }
}
