package io.shelfcast.local;

import io.shelfcast.fullsync.InputException;
import io.shelfcast.fullsync.NamedTexts;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores or products from files: finds the columns by their names, and refuses what cannot be with
 * file and row. An attribute {@code city} may stand in a column {@code city} or {@code city_id}.
 */
final class SegmentRows<T> implements NamedTexts.Rows {

  private final String id;
  private final List<String> attributes;
  private final Function<List<@Nullable String>, T> made;
  private final SegmentTable.Builder<T> table;
  private final Set<String> unused = new TreeSet<>();

  /** Where, in a row of the present file, each attribute stands; -1: it has none. */
  private int[] places = {};

  private SegmentRows(
      String id, List<String> attributes, T unknown, Function<List<@Nullable String>, T> made) {
    this.id = id;
    this.attributes = attributes;
    this.made = made;
    this.table = new SegmentTable.Builder<>(unknown);
  }

  static SegmentRows<StoreAttributes> stores() {
    Map<String, ZoneId> zones = new HashMap<>();
    return new SegmentRows<>(
        "store_id",
        List.of("city", "region", "retailer", "time_zone"),
        StoreAttributes.UNKNOWN,
        texts ->
            new StoreAttributes(
                texts.get(0), texts.get(1), texts.get(2), zone(texts.get(3), zones)));
  }

  static SegmentRows<ProductAttributes> products() {
    return new SegmentRows<>(
        "product_id",
        List.of("category", "popularity_tier"),
        ProductAttributes.UNKNOWN,
        texts -> new ProductAttributes(texts.get(0), texts.get(1)));
  }

  /**
   * All rows of the files that a glob matches.
   *
   * @throws InputException naming file and row
   */
  SegmentTable<T> read(String glob) throws IOException {
    NamedTexts.read(glob, this);
    return table.build();
  }

  /** The columns that some file had and that mean nothing here. */
  Set<String> unused() {
    return unused;
  }

  @Override
  public List<String> begin(String file, List<String> columns) {
    Set<String> once = new HashSet<>();
    for (String column : columns) {
      if (!once.add(column)) {
        throw new InputException("%s has the column '%s' twice".formatted(file, column));
      }
    }
    if (!once.contains(id)) {
      throw new InputException(
          "%s has no column '%s'; it needs that and one or more of %s"
              .formatted(file, id, String.join(", ", attributes)));
    }
    List<String> wanted = new ArrayList<>(List.of(id));
    places = new int[attributes.size()];
    for (int i = 0; i < places.length; i++) {
      String name = attributes.get(i);
      String found = once.contains(name) ? name : name + "_id";
      places[i] = once.contains(found) ? wanted.size() : -1;
      if (places[i] >= 0) {
        wanted.add(found);
      }
    }
    if (wanted.size() == 1) {
      throw new InputException(
          "%s has no column beside '%s' that a rule can use; it needs one or more of %s"
              .formatted(file, id, String.join(", ", attributes)));
    }
    once.removeAll(wanted);
    unused.addAll(once);
    return wanted;
  }

  @Override
  public void row(String file, long row, List<@Nullable String> values) {
    try {
      List<@Nullable String> texts = new ArrayList<>(places.length);
      for (int i = 0; i < places.length; i++) {
        String text = places[i] < 0 ? null : values.get(places[i]);
        if (text != null) {
          SegmentAttribute.checkCharacters(attributes.get(i), text);
        }
        texts.add(text);
      }
      table.add(id(values.get(0)), made.apply(texts));
    } catch (IllegalArgumentException e) {
      throw new InputException("row %d of %s: %s".formatted(row, file, e.getMessage()), e);
    }
  }

  private long id(@Nullable String text) {
    try {
      long number = text == null ? -1 : Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as a negative one is.
    }
    throw new IllegalArgumentException(
        "%s is %s; write a whole number from 0 on"
            .formatted(id, text == null ? "empty" : "'" + text + "'"));
  }

  private static @Nullable ZoneId zone(@Nullable String text, Map<String, ZoneId> zones) {
    if (text == null) {
      return null;
    }
    try {
      return zones.computeIfAbsent(text, ZoneId::of);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "time_zone is '%s'; write a name such as Asia/Shanghai, or an offset such as +08:00"
              .formatted(text),
          e);
    }
  }
}
