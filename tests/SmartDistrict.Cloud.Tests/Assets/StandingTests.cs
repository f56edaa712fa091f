using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Tests.Assets;

/// <summary>What is old is never shown as present.</summary>
public sealed class HowSomethingStands
{
    private const long Now = 1_772_438_400;
    private static readonly LockerEntry Locker = new("lk-1", new("柜", "Locker"), "gw-1", new(1, 2), 0, 3);
    private static readonly KioskEntry Kiosk = new("ks-1", new("终端", "Kiosk"), "gw-1", new(1, 2), 0);
    private static readonly CartEntry Cart = new("cart-1", new("车", "Cart"), "gw-1");

    [Theory]
    [InlineData("free occupied overdue", 5, LockerState.Ok, Trust.Complete)]
    [InlineData("free occupied unknown", 5, LockerState.Ok, Trust.Partial)]
    [InlineData("free occupied", 5, LockerState.Ok, Trust.Partial)]
    [InlineData("reserved occupied cleaning", 5, LockerState.Full, Trust.Complete)]
    [InlineData("free jammed free", 5, LockerState.Jammed, Trust.Complete)]
    [InlineData("jammed forced free", 5, LockerState.Forced, Trust.Complete)]
    [InlineData("unknown unknown unknown", 5, LockerState.Offline, Trust.Stale)]
    [InlineData("free forced free", 180, LockerState.Forced, Trust.Complete)]
    [InlineData("free forced free", 181, LockerState.Offline, Trust.Stale)]
    [InlineData("", 0, LockerState.Unknown, Trust.None)]
    public void A_locker_stands_as_the_gravest_of_its_compartments(string words, int age, LockerState state, Trust status)
    {
        var points = words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => new LockerPoint("lk-1", i + 1, Now - age, Words.Parse<CompartmentState>(word)!.Value, null, null));
        var info = At(Now).Locker(Locker, points);
        Assert.Equal((state, status), (info.State, info.Status));
        var counts = info.Compartments;
        Assert.Equal(3, counts.Free + counts.Taken + counts.Forced + counts.Jammed + counts.Closed + counts.Unknown);
    }

    [Theory]
    [InlineData(PaperState.Ok, PartState.Ok, 0, KioskState.Ok, Trust.Complete)]
    [InlineData(PaperState.Low, PartState.Ok, 0, KioskState.Attention, Trust.Complete)]
    [InlineData(PaperState.Low, PartState.Fault, 0, KioskState.Fault, Trust.Complete)]
    [InlineData(PaperState.Out, PartState.Ok, 0, KioskState.Fault, Trust.Complete)]
    [InlineData(null, null, 90, KioskState.Ok, Trust.Complete)]
    [InlineData(PaperState.Out, PartState.Ok, 91, KioskState.Offline, Trust.Stale)]
    public void A_kiosk_is_offline_after_three_missed_heartbeats(PaperState? paper, PartState? reader, int age, KioskState state, Trust status)
    {
        var info = At(Now).Kiosk(Kiosk, new KioskPoint("ks-1", Now - age, paper, reader, null));
        Assert.Equal((state, status), (info.State, info.Status));
    }

    [Theory]
    [InlineData(0, CartState.Driving)]
    [InlineData(90, CartState.Driving)]
    [InlineData(91, CartState.CommsLost)]
    [InlineData(301, CartState.NonContactable)]
    [InlineData(901, CartState.NotLocated)]
    [InlineData(86_401, CartState.Missing)]
    public void The_longer_a_cart_is_silent_the_less_is_known_of_it(int age, CartState state)
    {
        var info = At(Now).Cart(Cart, Pose(Now - age));
        var lost = state != CartState.Driving;
        Assert.Equal((state, lost ? Trust.Stale : Trust.Complete, lost), (info.State, info.Status, info.Speed is null));
    }

    [Theory]
    [InlineData("a stop counts before all else", CartMode.Manual, EmergencyStop.Remote, true, true, CartState.Stopped)]
    [InlineData("a person is with it", CartMode.Intervened, EmergencyStop.None, true, false, CartState.Attended)]
    [InlineData("at its charger", CartMode.Automatic, null, false, true, CartState.Charging)]
    [InlineData("nothing said", null, null, null, null, CartState.Standing)]
    public void A_cart_that_is_heard_does_what_it_says(string because, CartMode? mode, EmergencyStop? stop, bool? driving, bool? charging, CartState state) =>
        Assert.True(state == At(Now).Cart(Cart, Pose(Now) with { Mode = mode, EmergencyStop = stop, Driving = driving, Charging = charging }).State, because);

    [Fact]
    public void A_link_that_broke_is_told_at_once_and_the_carts_own_last_word_counts()
    {
        var info = At(Now).Cart(Cart, Pose(Now) with { Connection = CartConnection.ConnectionBroken, Posed = (Now - 7) * 1000 });
        Assert.Equal((CartState.CommsLost, (Now - 7) * 1000, Trust.Stale), (info.State, info.LastSeen, info.Status));
        Assert.Equal(CartState.Offline, At(Now).Cart(Cart, Pose(Now) with { Connection = CartConnection.Offline }).State);
    }

    [Fact]
    public void Nothing_is_present_while_the_store_is_away()
    {
        var away = new AssetStandings(Now * 1000, storeAway: true);
        Assert.Equal(Trust.Stale, away.Cart(Cart, Pose(Now)).Status);
        Assert.Equal(Trust.Stale, away.Kiosk(Kiosk, new KioskPoint("ks-1", Now, null, null, null)).Status);
        Assert.Equal(Trust.None, away.Kiosk(Kiosk, null).Status);
    }

    private static AssetStandings At(long now) => new(now * 1000, storeAway: false);

    private static CartPose Pose(long at) => new(
        "cart-1", at, 1, 2, 0, at * 1000, 90, 1.5, 70, false, true, CartMode.Automatic, EmergencyStop.None, CartConnection.Online);
}
