namespace SmartDistrict.Testing.Simulation.Faults;

/// <summary>The way from the devices to the broker: it doubles, delays and reorders by chance, and adds broken messages.</summary>
public sealed class Network(FaultRates rates, Random random, Garbage garbage)
{
    private readonly PriorityQueue<Publication, (long Due, long Order)> underway = new();
    private long order;

    /// <summary>Takes what a device has to publish and empties its list.</summary>
    public void Send(List<Publication> publications)
    {
        foreach (var publication in publications)
            Send(publication);
        publications.Clear();
    }

    /// <summary>Hands over the next message that is due by <paramref name="until"/> (ms since the Unix epoch).</summary>
    public bool TryTake(long until, out Publication publication)
    {
        if (underway.TryPeek(out publication!, out var first) && first.Due <= until)
        {
            underway.Dequeue();
            return true;
        }
        return false;
    }

    private void Send(Publication publication)
    {
        var lateBy = (int)rates.LateBy.TotalMilliseconds;
        var due = publication.Due;
        if (random.Happens(rates.Late))
            due += random.Next(lateBy, 4 * lateBy);
        else if (random.Happens(rates.Reordered))
            due += random.Next(200, 1_500);
        Deliver(publication with { Due = due });
        if (random.Happens(rates.Duplicates))
            Deliver(publication with { Due = due + random.Next(3_000), Repeated = true });
        if (random.Happens(rates.Garbage))
            Deliver(garbage.Make(publication.Due));
    }

    private void Deliver(Publication publication) => underway.Enqueue(publication, (publication.Due, order++));
}
