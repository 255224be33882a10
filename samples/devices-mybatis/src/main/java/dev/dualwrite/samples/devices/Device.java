package dev.dualwrite.samples.devices;

/** A device of the registry. Its id comes from the database, and MyBatis puts it here. For one thread. */
public final class Device {
    private long id;
    private final String serial;
    private final String model;

    public Device(String serial, String model) {
        this.serial = serial;
        this.model = model;
    }

    /** 0 before it is registered. */
    public long getId() {
        return id;
    }

    public void setId(long id) {
        this.id = id;
    }

    public String getSerial() {
        return serial;
    }

    public String getModel() {
        return model;
    }
}
