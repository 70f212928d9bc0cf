package io.shelfcast.store;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.experiment.Percentage;

/**
 * What a model version has of an experiment, of the users in its segments.
 *
 * @param modelVersion its name
 * @param status what it is now
 * @param allocated what it was given as a candidate
 * @param served what it gets: of the live version all that no candidate gets, and nothing of one
 *     that was a candidate and is retired or a shadow now
 */
public record ExperimentShare(
    String modelVersion, ModelStatus status, Percentage allocated, Percentage served) {}
