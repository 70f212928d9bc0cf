package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of Snowflake's answers. */
final class Answers {

  static final ObjectMapper JSON = new ObjectMapper();

  static final int SELECT = 0x1000;
  static final int UNLOAD = 0x3700;
  static final int ALTER_SESSION = 0x4100;
  static final int USE = 0x4300;
  static final int SHOW = 0x4400;

  private Answers() {}

  static ObjectNode success(@Nullable ObjectNode data) {
    ObjectNode answer = JSON.createObjectNode().put("success", true);
    answer.set("data", data);
    return answer.putNull("code").putNull("message");
  }

  static ObjectNode failure(SqlFailure failure, String queryId) {
    ObjectNode answer =
        JSON.createObjectNode()
            .put("success", false)
            .put("code", failure.code())
            .put("message", failure.getMessage());
    answer
        .putObject("data")
        .put("sqlState", failure.sqlState())
        .put("errorCode", failure.code())
        .put("queryId", queryId)
        .put("internalError", false);
    return answer;
  }

  static ObjectNode inProgress(String code, String queryId) {
    return success(
            JSON.createObjectNode()
                .put("getResultUrl", "/queries/" + queryId + "/result")
                .put("queryId", queryId))
        .put("code", code)
        .put("message", "Query execution in progress");
  }

  /** A whole result; of a statement that is only described, without rows. */
  static ObjectNode result(
      int statementType,
      List<Column> columns,
      List<? extends List<@Nullable String>> rows,
      Session session) {
    ObjectNode data = JSON.createObjectNode();
    parameters(data, session.parameters());
    ArrayNode types = data.putArray("rowtype");
    columns.forEach(column -> type(types.addObject(), column));
    ArrayNode values = data.putArray("rowset");
    rows.forEach(
        row -> {
          ArrayNode array = values.addArray();
          row.forEach(value -> array.add(value));
        });
    return data.put("total", rows.size())
        .put("returned", rows.size())
        .put("finalDatabaseName", session.database())
        .put("finalSchemaName", session.schema())
        .put("finalWarehouseName", session.warehouse())
        .put("finalRoleName", session.role())
        .put("numberOfBinds", 0)
        .put("arrayBindSupported", false)
        .put("statementTypeId", statementType)
        .put("version", 1)
        .put("queryResultFormat", "json");
  }

  static void parameters(ObjectNode data, Map<String, String> parameters) {
    ArrayNode array = data.putArray("parameters");
    parameters.forEach(
        (name, value) -> {
          ObjectNode parameter = array.addObject().put("name", name);
          if (value.matches("true|false")) {
            parameter.put("value", Boolean.parseBoolean(value));
          } else if (value.matches("[0-9]{1,9}")) {
            parameter.put("value", Integer.parseInt(value));
          } else {
            parameter.put("value", value);
          }
        });
  }

  private static void type(ObjectNode type, Column column) {
    type.put("name", column.name())
        .put("type", column.type().name().toLowerCase(Locale.ROOT))
        .put("nullable", true)
        .put("precision", column.precision())
        .put("scale", column.scale());
    if (column.type() == Column.Type.TEXT) {
      type.put("length", 16_777_216).put("byteLength", 16_777_216);
    } else {
      type.putNull("length").putNull("byteLength");
    }
  }
}
