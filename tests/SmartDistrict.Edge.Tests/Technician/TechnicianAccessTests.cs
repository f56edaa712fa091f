using System.Net;
using SmartDistrict.Edge.Technician;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Technician;

public sealed class TechnicianAccessTests
{
    private const string Code = "harbour-4711";
    private static readonly IPAddress Phone = IPAddress.Parse("192.168.1.20");
    private static readonly IPAddress Other = IPAddress.Parse("192.168.1.66");

    private readonly ManualTimeProvider time = new();

    [Fact]
    public void Without_a_code_whoever_reaches_the_page_may_use_it()
    {
        var access = new TechnicianAccess(null, time);
        Assert.False(access.NeedsCode);
        Assert.True(access.Allows(null));
    }

    [Fact]
    public void The_right_code_opens_a_session_and_nothing_else_does()
    {
        var access = new TechnicianAccess(Code, time);
        Assert.True(access.TryEnter(Phone, Code, out var session, out _));
        Assert.True(access.Allows(session));
        Assert.Equal(64, session.Length);
        Assert.All((string?[])[null, "", Code, session[..^1], session + "0", session.ToUpperInvariant()], other => Assert.False(access.Allows(other)));
        Assert.All((string[])["", "harbour-471", "harbour-47111", "HARBOUR-4711"], code => Assert.False(new TechnicianAccess(Code, time).TryEnter(Phone, code, out _, out _)));
    }

    [Fact]
    public void A_session_ends_after_twelve_hours_and_a_seventeenth_ends_the_oldest()
    {
        var access = new TechnicianAccess(Code, time);
        access.TryEnter(Phone, Code, out var first, out _);
        time.Advance(TimeSpan.FromHours(11.9));
        Assert.True(access.Allows(first));
        time.Advance(TimeSpan.FromHours(0.2));
        Assert.False(access.Allows(first));
        access.TryEnter(Phone, Code, out var second, out _);
        for (var i = 0; i < 16; i++)
            Assert.True(access.TryEnter(Phone, Code, out _, out _));
        Assert.False(access.Allows(second));
    }

    [Fact]
    public void Guessing_is_slowed_down_by_address_twice_as_long_each_time_and_the_right_code_has_to_wait_too()
    {
        var access = new TechnicianAccess(Code, time);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.False(access.TryEnter(Other, "guess", out _, out var none));
            Assert.Equal(TimeSpan.Zero, none);
        }
        foreach (var seconds in (int[])[10, 20, 40, 80])
        {
            Assert.False(access.TryEnter(Other, Code, out _, out var wait));
            Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
            Assert.True(access.TryEnter(Phone, Code, out _, out _));
            time.Advance(wait);
            Assert.False(access.TryEnter(Other, "guess", out _, out wait));
            Assert.Equal(TimeSpan.Zero, wait);
        }
        time.Advance(TimeSpan.FromMinutes(16));
        Assert.True(access.TryEnter(Other, Code, out _, out _));
        Assert.False(access.TryEnter(Other, "guess", out _, out var afterwards));
        Assert.Equal(TimeSpan.Zero, afterwards);
    }

    [Fact]
    public void Many_addresses_together_have_thirty_attempts_a_minute()
    {
        var access = new TechnicianAccess(Code, time);
        for (var i = 0; i < 30; i++)
            access.TryEnter(IPAddress.Parse($"10.0.0.{i}"), "guess", out _, out _);
        Assert.False(access.TryEnter(Phone, Code, out _, out var wait));
        Assert.Equal(TimeSpan.FromMinutes(1), wait);
        time.Advance(wait);
        Assert.True(access.TryEnter(Phone, Code, out _, out _));
    }
}
