package io.shelfcast.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** How much of the heap is in use after a collection, at the most: what the program holds. */
final class HeapWatch implements AutoCloseable {

  private final AtomicLong greatest = new AtomicLong();

  private final NotificationListener listener =
      (notification, handback) -> {
        if (notification.getUserData() instanceof CompositeData data
            && notification
                .getType()
                .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
          long used =
              GarbageCollectionNotificationInfo.from(data)
                  .getGcInfo()
                  .getMemoryUsageAfterGc()
                  .entrySet()
                  .stream()
                  .filter(pool -> pool.getKey().startsWith("G1"))
                  .map(java.util.Map.Entry::getValue)
                  .mapToLong(MemoryUsage::getUsed)
                  .sum();
          greatest.accumulateAndGet(used, Math::max);
        }
      };

  HeapWatch() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector).addNotificationListener(listener, null, null);
    }
  }

  long greatestBytes() {
    return greatest.get();
  }

  @Override
  public void close() throws ListenerNotFoundException {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector).removeNotificationListener(listener);
    }
  }
}
