package dev.dualwrite.samples.iot.app;

import dev.dualwrite.samples.iot.device.DeviceState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The devices of one thread, as acknowledged last. Used by that thread only. */
final class Devices {
    private final Map<Long, Integer> places = new HashMap<>();
    private final List<DeviceState> states = new ArrayList<>();
    private final Deque<Long> freeSlots = new ArrayDeque<>();

    int count() {
        return states.size();
    }

    void put(DeviceState state) {
        Integer place = places.get(state.id());
        if (place == null) {
            places.put(state.id(), states.size());
            states.add(state);
        } else {
            states.set(place, state);
        }
    }

    /** Forgets a device and keeps its slot for another. */
    void remove(DeviceState state) {
        Integer place = places.remove(state.id());
        if (place != null) {
            DeviceState last = states.remove(states.size() - 1);
            if (last.id() != state.id()) {
                states.set(place, last);
                places.put(last.id(), place);
            }
            freeSlots.add(state.slot());
        }
    }

    Optional<DeviceState> get(long id) {
        return Optional.ofNullable(places.get(id)).map(states::get);
    }

    DeviceState any(RandomGenerator random) {
        return states.get(random.nextInt(states.size()));
    }

    /** The slot of a device that retired, if there is one. */
    Optional<Long> freeSlot() {
        return Optional.ofNullable(freeSlots.poll());
    }
}
