using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Tests.Alarms;

/// <summary>One level of one alarm, against a model that looks at the whole past each time.</summary>
public sealed class ALevel
{
    private static readonly AlarmSetting Setting = new(2.0, null, 0.5, 30, 120);

    [Theory]
    [InlineData("0:2.0 29:2.0", "")]
    [InlineData("0:2.0 30:2.0", "+30")]
    [InlineData("0:2.0 10:1.9 20:2.0 49:2.0", "")]
    [InlineData("0:2.0 10:1.9 20:2.0 50:2.0", "+50")]
    [InlineData("0:9 30:9 40:1.6 400:1.6", "+30")]
    [InlineData("0:9 30:9 40:1.4 159:1.4", "+30")]
    [InlineData("0:9 30:9 40:1.4 160:1.4", "+30 -160")]
    [InlineData("0:9 30:9 40:1.4 100:1.6 120:1.4 239:1.4 240:1.4", "+30 -240")]
    [InlineData("0:9 20:? 40:9", "+40")]
    [InlineData("0:9 30:? 31:1", "")]
    [InlineData("0:9 30:9 40:? 4000:?", "+30")]
    [InlineData("100:9 40:9 69:9", "")]
    [InlineData("100:9 40:9 70:9", "+70")]
    public void Begins_when_its_threshold_was_held_and_ends_when_the_figure_was_back(string figures, string expected) =>
        Assert.Equal(expected, string.Join(' ', Play(AlarmSense.Above, Setting, Read(figures))));

    [Theory]
    [InlineData("0:2.0 30:1.0", "+30")]
    [InlineData("0:2.1 300:2.1", "")]
    [InlineData("0:1 30:1 31:2.4 300:2.4", "+30")]
    [InlineData("0:1 30:1 31:2.6 151:2.6", "+30 -151")]
    public void Of_a_figure_that_must_not_fall_is_the_same_upside_down(string figures, string expected) =>
        Assert.Equal(expected, string.Join(' ', Play(AlarmSense.Below, Setting, Read(figures))));

    [Fact]
    public void Ends_at_once_when_it_is_no_longer_watched()
    {
        var on = new Trigger(true, null);
        Assert.Equal(default, on.Step(AlarmSense.Above, 2.0, Setting with { On = false }, 9, 0));
        Assert.Equal(default, on.Step(AlarmSense.Above, null, Setting, 9, 0));
    }

    [Theory]
    [InlineData(AlarmSense.Above)]
    [InlineData(AlarmSense.Below)]
    public void Does_in_random_times_what_the_whole_past_says_and_never_flaps(AlarmSense sense)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var setting = new AlarmSetting(2, null, random.Next(3) * 0.3, random.Next(4) * 5, random.Next(4) * 5);
            var trigger = default(Trigger);
            var model = new Model(sense, setting);
            long now = 0, changedAt = long.MinValue / 2;
            for (var i = 0; i < 200; i++)
            {
                now += random.Next(1, 8) * 1000;
                double? figure = random.Next(8) == 0 ? null : 2 + (random.Next(-6, 7) * 0.1);
                var before = trigger;
                trigger = trigger.Step(sense, setting.Warning, setting, figure, now);
                Assert.True(model.Step(figure, now) == trigger.On, $"seed {seed}, step {i}");
                if (before.On == trigger.On)
                    continue;
                Assert.True(now - changedAt >= (trigger.On ? setting.HoldSeconds : setting.ClearSeconds) * 1000L, $"it flaps: seed {seed}, step {i}");
                changedAt = now;
            }
        }
    }

    private static IEnumerable<string> Play(AlarmSense sense, AlarmSetting setting, IEnumerable<(long At, double? Figure)> figures)
    {
        var trigger = default(Trigger);
        foreach (var (at, figure) in figures)
        {
            var before = trigger.On;
            trigger = trigger.Step(sense, setting.Warning, setting, figure, at * 1000);
            if (before != trigger.On)
                yield return $"{(trigger.On ? '+' : '-')}{at}";
        }
    }

    private static IEnumerable<(long At, double? Figure)> Read(string figures) => figures.Split(' ')
        .Select(each => each.Split(':'))
        .Select(pair => (long.Parse(pair[0], null), pair[1] == "?" ? (double?)null : double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Keeps every known figure since the last change, and asks whether the last ones speak for the other side for long enough.</summary>
    private sealed class Model(AlarmSense sense, AlarmSetting setting)
    {
        private readonly List<(long At, bool Against)> past = [];
        private bool on;

        public bool Step(double? figure, long now)
        {
            if (figure is not { } known)
                return on;
            var sign = sense == AlarmSense.Below ? -1 : 1;
            past.Add((now, on ? sign * known < (sign * 2) - setting.Hysteresis : sign * known >= sign * 2));
            var run = past.AsEnumerable().Reverse().TakeWhile(each => each.Against).ToArray();
            if (run.Length > 0 && now - run[^1].At >= (on ? setting.ClearSeconds : setting.HoldSeconds) * 1000L)
            {
                on = !on;
                past.Clear();
            }
            return on;
        }
    }
}
