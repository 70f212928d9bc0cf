package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestJsonTest {

  private static ReadRequest parse(String text) {
    return RequestJson.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aStoreAndItsProductsInTheOrderAsked() {
    ReadRequest request =
        parse(
            """
            {"surface": "search", "product_ids": [12, "11", 9223372036854775807], "store_id": 7,
             "user_id": "u1", "attributes": {"city": 12, "plus": true, "none": null},
             "consistency_token": null}""");

    assertTrue(request.isOfOneStore());
    assertEquals(7, request.storeId(2));
    assertArrayEquals(new long[] {12, 11, Long.MAX_VALUE}, request.productIds());
    assertEquals("u1", request.userId());
    assertEquals("search", request.surface());
    assertEquals(Map.of("city", "12", "plus", "true"), request.attributes());
    assertNull(request.consistencyToken());
  }

  @Test
  void itemsOfSeveralStores() {
    ReadRequest request =
        parse(
            "{\"items\": [{\"store_id\": 7, \"product_id\": 1}, {\"product_id\":2,\"store_id\":0}]}");

    assertArrayEquals(new long[] {7, 0}, request.storeIds());
    assertArrayEquals(new long[] {1, 2}, request.productIds());
  }

  @Test
  void itemsOfOneStoreAreReadAsItsProducts() {
    ReadRequest request =
        parse(
            "{\"items\": [{\"store_id\": 7, \"product_id\": 1}, {\"store_id\": 7, \"product_id\": 2}]}");

    assertTrue(request.isOfOneStore());
    assertEquals(7, request.storeId(1));
  }

  @Test
  void thousandItemsAreTakenAndOneMoreIsNot() {
    assertEquals(1_000, parse(products(1_000)).size());
    InvalidRequestException refused =
        assertThrows(InvalidRequestException.class, () -> parse(products(1_001)));
    assertEquals("/product_ids", refused.pointer());
    assertTrue(refused.getMessage().startsWith("more than 1,000 items"), refused.getMessage());
  }

  private static String products(int count) {
    return IntStream.range(0, count)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(",", "{\"store_id\":1,\"product_ids\":[", "]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | '' | not well-formed JSON at line 1",
        "nonsense | '' | not well-formed JSON",
        "'' | '' | not a JSON object",
        "[] | '' | not a JSON object",
        "{} | '' | nothing is asked for",
        "{\"store_id\":1,\"product_ids\":[1]} {} | '' | more than one JSON object",
        "{\"store_id\":1} | /product_ids | missing or empty",
        "{\"store_id\":1,\"product_ids\":[]} | /product_ids | missing or empty",
        "{\"product_ids\":[1]} | /store_id | store_id is missing",
        "{\"items\":[]} | /items | items is empty",
        "{\"items\":[{\"store_id\":1,\"product_id\":1}],\"store_id\":1} | '' | not both",
        "{\"store_id\":-1,\"product_ids\":[1]} | /store_id | store_id is -1",
        "{\"store_id\":1,\"product_ids\":[1,-2]} | /product_ids/1 | a product id is -2",
        "{\"store_id\":1.5,\"product_ids\":[1]} | /store_id | not a whole number",
        "{\"store_id\":1,\"product_ids\":[1,\"x\"]} | /product_ids/1 | not a whole number",
        "{\"store_id\":1,\"product_ids\":[9223372036854775808]} | /product_ids/0 | not a whole",
        "{\"store_id\":1,\"product_ids\":7} | /product_ids | not a list",
        "{\"store_id\":1,\"product_ids\":[[1]]} | /product_ids/0 | not a whole number",
        "{\"items\":[7]} | /items/0 | not an object",
        "{\"items\":[{\"store_id\":1}]} | /items/0 | lacks store_id or product_id",
        "{\"items\":[{\"store_id\":1,\"product_id\":-1}]} | /items/0/product_id | product_id is -1",
        "{\"items\":[{\"store_id\":1,\"product\":1}]} | /items/0 | unknown field",
        "{\"stor_id\":1} | '' | the fields are store_id, product_ids",
        "{\"store_id\":1,\"store_id\":2} | /store_id | there twice",
        "{\"store_id\":1,\"product_ids\":[1],\"user_id\":7} | /user_id | not text",
        "{\"store_id\":1,\"product_ids\":[1],\"attributes\":[]} | /attributes | not an object",
        "{\"store_id\":1,\"product_ids\":[1],\"attributes\":{\"a\":{}}} | /attributes | send text",
        "{\"store_id\":1,\"product_ids\":[1],\"attributes\":{\"surface\":\"x\"}}"
            + " | /attributes/surface | a field of the request",
      })
  void whatIsWrongIsToldWithItsPlace(String text, String pointer, String words) {
    InvalidRequestException refused =
        assertThrows(InvalidRequestException.class, () -> parse(text));
    assertEquals(pointer, refused.pointer(), refused.getMessage());
    assertTrue(refused.getMessage().contains(words), refused.getMessage());
  }

  @Property(tries = 500)
  void cutOffAnywhereItIsRefusedAndNotAFailure(@ForAll @IntRange(min = 0, max = 120) int at) {
    String whole =
        "{\"store_id\":7,\"items\":null,\"product_ids\":[11,12],\"attributes\":{\"a\":\"b\"},"
            + "\"surface\":\"search\",\"user_id\":\"ü\"}";
    if (at < whole.length()) {
      assertThrows(InvalidRequestException.class, () -> parse(whole.substring(0, at)));
    }
  }
}
