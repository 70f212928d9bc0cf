package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Statements while they run: a slow one is answered with where to ask again, one that takes longer
 * than its session allows is cancelled, and one that is sent twice runs once.
 */
final class RunningStatements implements AutoCloseable {

  private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);

  private static final Duration KEEP = Duration.ofMinutes(10);

  private static final class Running {
    private final String id = UUID.randomUUID().toString();
    private final CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    private volatile @Nullable Query query;
    private volatile @Nullable Future<?> work;

    /** Ends it with a failure, unless it has ended. */
    void end(SqlFailure failure) {
      boolean first = answer.completeExceptionally(failure);
      @Nullable Query started = query;
      @Nullable Future<?> working = work;
      if (first && started != null) {
        try {
          started.cancel();
        } catch (SQLException e) {
          throw Warehouse.failure(e);
        }
      }
      if (first && working != null) {
        boolean unused = working.cancel(true);
      }
    }
  }

  private final Map<String, Running> byQuery = new ConcurrentHashMap<>();
  private final Map<String, Running> byRequest = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Statements statements;

  RunningStatements(Statements statements) {
    this.statements = statements;
  }

  ObjectNode start(String requestId, Statements.Request request) {
    Running running =
        byRequest.computeIfAbsent(
            requestId,
            id -> {
              Running started = new Running();
              byQuery.put(started.id, started);
              CompletableFuture<ObjectNode> unused =
                  started.answer.whenComplete((answer, failure) -> forgetLater(id, started));
              started.work = threads.submit(() -> run(started, request));
              return started;
            });
    String seconds = request.session().parameters().getOrDefault(SessionStatements.TIMEOUT, "0");
    if (!seconds.equals("0") && !running.answer.isDone()) {
      SqlFailure tooLong =
          new SqlFailure(
              "000630",
              "57014",
              "Statement reached its statement or warehouse timeout of %s second(s) and was canceled."
                  .formatted(seconds));
      Future<?> end =
          timer.schedule(() -> running.end(tooLong), Long.parseLong(seconds), TimeUnit.SECONDS);
      CompletableFuture<ObjectNode> unused =
          running.answer.whenComplete((answer, failure) -> end.cancel(false));
    }
    return answer(running, "333333");
  }

  /** A result can be asked for again, if its answer got lost; not for ever. */
  private void forgetLater(String requestId, Running running) {
    Future<?> unused =
        timer.schedule(
            () -> {
              byQuery.remove(running.id);
              byRequest.remove(requestId);
            },
            KEEP.toSeconds(),
            TimeUnit.SECONDS);
  }

  /** The answer to who asks again. */
  ObjectNode poll(String queryId) {
    @Nullable Running running = byQuery.get(queryId);
    if (running == null) {
      return Answers.failure(
          new SqlFailure("000709", "02000", "Statement %s not found".formatted(queryId)), queryId);
    }
    return answer(running, "333334");
  }

  ObjectNode abort(String requestId) {
    @Nullable Running running = byRequest.get(requestId);
    if (running == null || running.answer.isDone()) {
      return Answers.failure(
          new SqlFailure("000605", "57014", "Identified SQL statement is not currently executing."),
          "");
    }
    running.end(new SqlFailure("000604", "57014", "SQL execution canceled"));
    return Answers.success(null);
  }

  private void run(Running running, Statements.Request request) {
    try {
      running.answer.complete(statements.execute(request, query -> running.query = query));
    } catch (SQLException e) {
      running.answer.completeExceptionally(Warehouse.failure(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.answer.completeExceptionally(e);
    } catch (Exception e) {
      running.answer.completeExceptionally(e);
    }
  }

  private static ObjectNode answer(Running running, String codeOfProgress) {
    try {
      ObjectNode data = running.answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return Answers.success(data.put("queryId", running.id));
    } catch (TimeoutException e) {
      return Answers.inProgress(codeOfProgress, running.id);
    } catch (ExecutionException e) {
      return Answers.failure(failure(e), running.id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static SqlFailure failure(ExecutionException e) {
    return e.getCause() instanceof SqlFailure failure
        ? failure
        : new SqlFailure("000603", "XX000", "SQL execution internal error: " + e.getCause());
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
