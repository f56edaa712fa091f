using SmartDistrict.Edge.Drivers.Iio;

namespace SmartDistrict.Edge.Tests.Drivers.Iio;

public sealed class SysfsSensorsTests : IDisposable
{
    private readonly SensorTree tree = new();
    private readonly SysfsSensors sensors;

    public SysfsSensorsTests() => sensors = new SysfsSensors(tree.Root);

    public void Dispose() => tree.Dispose();

    [Fact]
    public void A_chip_is_found_by_the_name_of_its_driver_and_says_what_it_measures_and_nothing_else()
    {
        tree.Hwmon("cpu_thermal", null, ("temp1_input", "48312"));
        tree.Iio("bme280", "1-0076", ("in_temp_input", "21480"), ("in_humidityrelative_input", "45300"), ("in_pressure_input", "101.325"),
            ("in_temp_oversampling_ratio", "1"), ("sampling_frequency", "10"), ("uevent", "MAJOR=1"));
        tree.Iio("vl53l0x", "1-0029", ("in_distance_raw", "412"), ("in_distance_scale", "0.001000000"), ("in_distance_scale_available", "1 2"));

        Assert.Equal("in_humidityrelative_input=45300 in_pressure_input=101.325 in_temp_input=21480", Read("bme280"));
        Assert.Equal("in_distance_raw=412 in_distance_scale=0.001000000", Read("vl53l0x"));
        Assert.Equal("temp1_input=48312", Read("cpu_thermal"));
    }

    [Fact]
    public void Several_of_a_name_are_told_apart_by_bus_and_address()
    {
        tree.Hwmon("w1_slave_temp", "28-0315a2794bff", ("temp1_input", "4000"));
        tree.Hwmon("w1_slave_temp", "28-0316a2b5a9ff", ("temp1_input", "65000"));
        tree.Iio("bh1750", "1-0023", ("in_illuminance_raw", "120"));
        tree.Iio("bh1750", "1-005c", ("in_illuminance_raw", "7"));

        Assert.Equal("temp1_input=65000", Read("w1_slave_temp", "28-0316a2b5a9ff"));
        Assert.Equal("in_illuminance_raw=7", Read("bh1750", "1-005c"));
        Assert.Equal("2 sensor chips are called 'w1_slave_temp'. Mend: add 'at: ' and one of '28-0315a2794bff', '28-0316a2b5a9ff'",
            Assert.Throws<SensorException>(() => sensors.Find("w1_slave_temp", null)).Message);
        Assert.StartsWith("there is no sensor chip 'bh1750' at 1-0024. Mend: check its wires and its device-tree overlay, or name one of 'bh1750' at 1-0023, 'bh1750' at 1-005c, ",
            Assert.Throws<SensorException>(() => sensors.Find("bh1750", "1-0024")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_sensors_says_so() =>
        Assert.Contains("knows no sensor chip at all", Assert.Throws<SensorException>(() => sensors.Find("sht3x", null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_probe_that_is_open_has_no_temperature_and_the_others_of_its_chip_are_read_all_the_same()
    {
        tree.Hwmon("max31865", "spi0.0", ("temp1_input", "850000"), ("temp1_fault", "1"), ("temp2_input", "4000"), ("temp2_fault", "0"));
        var attributes = SysfsSensors.Read(sensors.Find("max31865", null), out var fault);
        Assert.Equal(["temp2_input"], attributes.Select(attribute => attribute.Key));
        Assert.Equal("temp1_input has a fault: the probe is open or shorted", fault);
    }

    private string Read(string chip, string? at = null)
    {
        var attributes = SysfsSensors.Read(sensors.Find(chip, at), out var fault);
        Assert.Null(fault);
        return string.Join(' ', attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"));
    }
}
