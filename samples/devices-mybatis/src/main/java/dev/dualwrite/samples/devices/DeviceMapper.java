package dev.dualwrite.samples.devices;

import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.jspecify.annotations.Nullable;

/** Devices, their states and their readings: the tables that move. */
interface DeviceMapper {

    @Insert("INSERT INTO device (serial, model) VALUES (#{serial}, #{model})")
    @Options(useGeneratedKeys = true, keyProperty = "id")
    void insertDevice(Device device);

    @Insert("INSERT INTO device_state (device_id, sequence, temperature) VALUES (#{id}, 0, 0)")
    void insertState(Device device);

    @Insert("INSERT INTO reading (device_id, sequence, temperature) VALUES (#{device}, #{sequence}, #{temperature})")
    void insertReading(Reading reading);

    @Select("SELECT device_id, sequence, temperature FROM device_state WHERE device_id = #{device} FOR UPDATE")
    @Nullable DeviceState lockState(long device);

    @Update("""
            UPDATE device_state SET sequence = #{sequence}, temperature = #{temperature}
             WHERE device_id = #{device} AND sequence < #{sequence}""")
    void advance(Reading last);

    @Delete("""
            <script>
            DELETE FROM reading WHERE device_id IN
            <foreach item="id" collection="devices" open="(" separator=", " close=")">#{id}</foreach>
            </script>""")
    void deleteReadings(@Param("devices") List<Long> devices);

    @Delete("""
            <script>
            DELETE FROM device_state WHERE device_id IN
            <foreach item="id" collection="devices" open="(" separator=", " close=")">#{id}</foreach>
            </script>""")
    void deleteStates(@Param("devices") List<Long> devices);

    @Delete("""
            <script>
            DELETE FROM device WHERE id IN
            <foreach item="id" collection="devices" open="(" separator=", " close=")">#{id}</foreach>
            </script>""")
    int deleteDevices(@Param("devices") List<Long> devices);
}
