package io.shelfcast.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Products of a store that are asked for, whichever way. Made before it is asked. */
final class Question {

  private static final int VARIANTS = 256;

  private final long[] products;
  private final byte[] json;

  private Question(long[] products) {
    this.products = products;
    this.json =
        LongStream.of(products)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(",", ",\"product_ids\":[", "]}"))
            .getBytes(StandardCharsets.UTF_8);
  }

  long[] products() {
    return products;
  }

  /** The rest of the JSON behind the store. */
  byte[] json() {
    return json;
  }

  long lastProduct() {
    return products[products.length - 1];
  }

  /** Any products of a store, distinct, in no order; of any store, each as likely as another. */
  static final class Mix {
    private final List<Question> questions = new ArrayList<>();
    private final int items;
    private final int stores;

    /**
     * Questions.
     *
     * @param items of each
     * @param stores numbered from 0, with {@code products} each, numbered from 0
     */
    Mix(int items, int stores, int products) {
      this.items = items;
      this.stores = stores;
      Random random = new Random(items);
      for (int i = 0; i < VARIANTS; i++) {
        questions.add(
            new Question(
                random.longs(0, products).distinct().limit(Math.min(items, products)).toArray()));
      }
    }

    int items() {
      return items;
    }

    Question any() {
      return questions.get(ThreadLocalRandom.current().nextInt(VARIANTS));
    }

    long anyStore() {
      return ThreadLocalRandom.current().nextInt(stores);
    }
  }
}
