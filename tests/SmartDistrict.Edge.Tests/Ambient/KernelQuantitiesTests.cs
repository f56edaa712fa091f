using System.Globalization;
using SmartDistrict.Edge.Ambient;

namespace SmartDistrict.Edge.Tests.Ambient;

public sealed class KernelQuantitiesTests
{
    [Theory]
    [InlineData("temp1_input=21437 humidity1_input=45300", "humidity_percent=45.3 temperature_celsius=21.437")]
    [InlineData("temp1_input=-18062", "temperature_celsius=-18.062")]
    [InlineData("temp1_input=4000 temp2_input=5000", "temperature_celsius=4 temperature_2_celsius=5")]
    [InlineData("in_temp_input=21480 in_humidityrelative_input=45300 in_pressure_input=101.325", "humidity_percent=45.3 pressure_hectopascal=1013.25 temperature_celsius=21.48")]
    [InlineData("in_distance_raw=412 in_distance_scale=0.001000000", "distance_metres=0.412")]
    [InlineData("in_distance_input=1.25", "distance_metres=1.25")]
    [InlineData("in_illuminance_raw=120 in_illuminance_scale=0.833333", "illuminance_lux=99.99996")]
    [InlineData("in_illuminance0_input=12 in_illuminance1_input=13", "illuminance_lux=12 illuminance_1_lux=13")]
    [InlineData("in_temp_ambient_raw=14800 in_temp_object_raw=15500 in_temp_scale=20 in_temp_offset=-13657.5", "temperature_ambient_celsius=22.85 temperature_object_celsius=36.85")]
    [InlineData("in_temp_raw=100 in_temp_offset=20 in_temp_scale=62.5", "temperature_celsius=7.5")]
    [InlineData("in_temp_raw=999 in_temp_input=21000", "temperature_celsius=21")]
    [InlineData("in_voltage0_raw=1024 in_voltage3_raw=8 in_voltage_scale=3.222656250", "voltage_volts=3.3 voltage_3_volts=0.02578125")]
    [InlineData("in_voltage1_raw=100 in_voltage1_scale=2 in_voltage_scale=99", "voltage_1_volts=0.2")]
    [InlineData("in0_input=5012", "voltage_0_volts=5.012")]
    [InlineData("fan1_input=1200 in_temp_scale=5", "")]
    public void The_kernels_numbers_become_values_in_our_units(string attributes, string values) =>
        Assert.Equal((values, null), Read(attributes));

    [Theory]
    [InlineData("temp1_input=850000 humidity1_input=45300", "humidity_percent=45.3", "'temp1_input' is '850000', which is no temperature from -100 to 300 celsius")]
    [InlineData("humidity1_input=-1", "", "'humidity1_input' is '-1', which is no humidity")]
    [InlineData("temp1_input=21C", "", "'temp1_input' is '21C'")]
    [InlineData("temp1_input=NaN", "", "'temp1_input' is 'NaN'")]
    [InlineData("temp1_input=1e3", "", "'temp1_input' is '1e3'")]
    public void What_cannot_be_is_left_out_and_named(string attributes, string values, string problem)
    {
        var (read, why) = Read(attributes);
        Assert.Equal(values, read);
        Assert.StartsWith(problem, why, StringComparison.Ordinal);
    }

    private static (string Values, string? Problem) Read(string attributes)
    {
        var values = KernelQuantities.Read(attributes.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]), out var problem);
        return (string.Join(' ', values.Select(value => $"{value.Name}={value.Value.ToString(CultureInfo.InvariantCulture)}")), problem);
    }
}
