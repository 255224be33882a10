package dev.dualwrite.samples.devices;

import org.apache.ibatis.annotations.Insert;

/** How often devices were heard: a table that does not move. */
interface PresenceMapper {

    @Insert("""
            INSERT INTO presence (device_id, messages) VALUES (#{device}, 1)
            ON DUPLICATE KEY UPDATE messages = messages + 1""")
    void heard(long device);
}
