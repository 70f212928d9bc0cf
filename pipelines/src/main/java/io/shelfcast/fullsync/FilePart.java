package io.shelfcast.fullsync;

/**
 * What one worker reads at a time: a row group of a Parquet file, or the whole of a CSV file.
 *
 * @param file the file's full name
 * @param sizeBytes how large it is
 * @param format what it is
 * @param partBytes how much of it this part is, as it is stored
 * @param index which row group; 0 for CSV
 * @param firstRow the number of its first row in the file, from 1
 */
record FilePart(
    String file, long sizeBytes, long partBytes, ScoreFormat format, int index, long firstRow) {}
