using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Testing.Simulation.Assets;

/// <summary>
/// A cart that drives through the streets at walking pace, waits for customers, is charged when its battery is low, and has its troubles:
/// every few minutes somebody presses its emergency stop, or its link breaks for a while.
/// </summary>
public sealed class SimulatedCart(CartEntry entry, int number, Streets streets, Random random, string begin)
{
    private const double Speed = 1.4;
    private const double LowBattery = 25;
    private const int TroubleEvery = 300;

    private readonly Queue<Position> path = [];
    private Position at = streets.MiddleOf(begin);
    private string zone = begin;
    private string? cameFrom;
    private double heading;
    private double battery = 90 - (number * 17 % 55);
    private bool charging;
    private int waits;
    private long posed;

    /// <summary>One second more.</summary>
    /// <param name="elapsed">s since the simulation began.</param>
    /// <param name="now">ms since the Unix epoch.</param>
    /// <returns>What its gateway writes; null where it has nothing new.</returns>
    public CartPose? Step(long elapsed, long now)
    {
        // each cart has its troubles at another time
        var phase = (elapsed + (number * 61)) % TroubleEvery;
        var stopped = number % 3 == 1 && phase is >= 180 and < 200;
        var broken = number % 3 == 2 && phase is >= 150 and < 270;
        var driving = !stopped && !broken && Drive();
        if (broken)
            return phase == 150 ? Pose(now, false, EmergencyStop.None, CartConnection.ConnectionBroken) : null;
        posed = now;
        return driving || stopped || elapsed % 5 == 0 ? Pose(now, driving, stopped ? EmergencyStop.Manual : EmergencyStop.None, CartConnection.Online) : null;
    }

    private bool Drive()
    {
        if (charging)
        {
            battery = Math.Min(100, battery + 0.25);
            charging = battery < 90;
            return false;
        }
        if (waits > 0)
        {
            waits--;
            return false;
        }
        battery -= 0.01;
        if (path.Count == 0)
            Choose();
        for (var left = Speed; left > 0 && path.TryPeek(out var next);)
        {
            var far = streets.Metres(at, next);
            if (far > left)
            {
                heading = streets.Heading(at, next);
                at = new(at.X + ((next.X - at.X) * left / far), at.Y + ((next.Y - at.Y) * left / far));
                break;
            }
            at = path.Dequeue();
            left -= far;
        }
        if (path.Count == 0)
            (charging, waits) = (battery < LowBattery, random.Next(4, 15));
        return true;
    }

    private void Choose()
    {
        var (gate, to) = streets.Onward(zone, cameFrom, random);
        (cameFrom, zone) = (zone, to);
        path.Enqueue(gate);
        path.Enqueue(streets.MiddleOf(to));
    }

    private CartPose Pose(long now, bool driving, EmergencyStop stop, CartConnection connection) => new(
        entry.Id, now / 1000, Math.Round(at.X, 7), Math.Round(at.Y, 7), 0, posed, Math.Round(heading, 1), driving ? Speed : 0, Math.Round(battery, 1), charging, driving,
        CartMode.Automatic, stop, connection);
}
