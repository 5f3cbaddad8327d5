<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>amtstudio</name>
  <message>
   <source>A result is kept only if tests show that it is better.</source>
   <translation>Ein Ergebnis wird nur behalten, wenn Prüfungen es besser finden.</translation>
  </message>
  <message>
   <source>What to expect: it helps most if you correct hits in the drum lane and accept the passages; a minute of corrected passages, spread over several takes, is enough. In one measured case, this raised the share of right hits from {before} to {after} %.</source>
   <translation>Was zu erwarten ist: Am meisten hilft es, wenn Sie Schläge in der Schlagzeugzeile berichtigt und die Passagen bestätigt haben; eine Minute davon, auf mehrere Takes verteilt, genügt. In einem gemessenen Fall erhöhte das den Anteil richtiger Schläge von {before} auf {after} %.</translation>
  </message>
  <message>
   <source>What to expect: it learns from passages in which you marked an instrument as heard or as not heard. Mark a few of each kind, in several recordings: a quarter of them is kept for testing. It takes a minute or two.</source>
   <translation>Was zu erwarten ist: Es lernt aus Passagen, in denen Sie ein Instrument als zu hören oder als nicht zu hören markiert haben. Markieren Sie einige von jeder Art, in mehreren Aufnahmen: Ein Viertel davon dient nur der Prüfung. Es dauert ein, zwei Minuten.</translation>
  </message>
  <message>
   <source>What to expect: the most improvement on an unusual instrument, and if you correct notes. How much recordings alone, a score or a keyboard would help has not been measured well enough to say.</source>
   <translation>Was zu erwarten ist: am meisten bei einem ungewöhnlichen Instrument, und wenn Sie Noten berichtigen. Wie viel Aufnahmen allein, eine Partitur oder ein Keyboard hier helfen, ist noch nicht genau genug gemessen.</translation>
  </message>
  <message>
   <source>What to expect: on an unusual instrument, often more right notes. Of {runs} measured runs with a minute of corrected notes (a harmonica, singers, a guitar), {adopted} were kept. They raised the share of right notes in other recordings from {before} to {after} %.</source>
   <translation>Was zu erwarten ist: bei einem ungewöhnlichen Instrument oft mehr richtige Noten. Von {runs} gemessenen Läufen mit einer Minute berichtigter Noten (Mundharmonika, Singstimmen, Gitarre) wurden {adopted} behalten. Sie erhöhten den Anteil richtiger Noten in anderen Aufnahmen von {before} auf {after} %.</translation>
  </message>
  <message>
   <source>What to expect: on a piano in good order hardly any notes change, and the result is usually “No improvement found”; your model then stays as it is. Of {runs} measured runs, {adopted} found more right notes.</source>
   <translation>Was zu erwarten ist: Bei einem Klavier in gutem Zustand ändern sich kaum Noten, und meist heißt es „Keine Verbesserung gefunden“; dann bleibt Ihr Modell, wie es ist. Von {runs} gemessenen Läufen fanden {adopted} mehr richtige Noten.</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keine</translation>
  </message>
  <message>
   <source>It helps more if you correct notes, or record a MIDI keyboard along with the microphone. An out-of-tune piano does not need it.</source>
   <translation>Mehr bringt es, wenn Sie Noten berichtigt oder ein MIDI-Keyboard zusammen mit dem Mikrofon aufgenommen haben. Für ein verstimmtes Klavier ist es nicht nötig.</translation>
  </message>
  <message>
   <source>What a score adds to that has not been measured yet.</source>
   <translation>Was eine Partitur dazu beiträgt, ist noch nicht gemessen.</translation>
  </message>
  <message>
   <source>What to expect: on a piano in good order hardly any notes change, but their loudness becomes more accurate. In one measured case, five minutes of known notes, in several recordings, raised the share of notes about as loud as played from {before} to {after} %.</source>
   <translation>Was zu erwarten ist: Bei einem Klavier in gutem Zustand ändern sich kaum Noten, aber ihre Lautstärken stimmen besser. In einem gemessenen Fall erhöhten fünf Minuten bekannter Noten in mehreren Aufnahmen den Anteil der Noten, die etwa so laut wie gespielt sind, von {before} auf {after} %.</translation>
  </message>
  <message>
   <source>With more accurate timing, the share of right notes rose from {before} to {after} %.</source>
   <translation>Mit genaueren Zeiten stieg der Anteil richtiger Noten von {before} auf {after} %.</translation>
  </message>
  <message>
   <source>On other recordings it would find fewer notes: {before:.1f} before, {after:.1f} after.</source>
   <translation>In anderen Aufnahmen würden weniger Noten gefunden: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>On artificial recordings of instruments like yours it would find fewer notes: {before:.1f} before, {after:.1f} after.</source>
   <translation>Bei künstlichen Aufnahmen von Instrumenten wie Ihren würden weniger Noten gefunden: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>Results would vary more between altered copies of the same recording: {before:.1f} before, {after:.1f} after.</source>
   <translation>Die Ergebnisse würden zwischen veränderten Kopien derselben Aufnahme stärker schwanken: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>It would agree less with the teacher that it learned from: {before:.1f} before, {after:.1f} after.</source>
   <translation>Es würde mit dem Lehrer, von dem es gelernt hat, weniger übereinstimmen: {before:.1f} vorher, {after:.1f} nachher.</translation>
  </message>
  <message>
   <source>It would find fewer struck notes, or more wrong ones: {before:.2f} more right than wrong per second before, {after:.2f} after.</source>
   <translation>Es würden weniger angeschlagene Noten gefunden, oder mehr falsche: vorher {before:.2f} mehr richtige als falsche pro Sekunde, nachher {after:.2f}.</translation>
  </message>
  <message>
   <source>It would find {times:.2f} times as many notes.</source>
   <translation>Es würden {times:.2f}-mal so viele Noten gefunden.</translation>
  </message>
  <message>
   <source>It would find {times:.2f} times as many simultaneous notes.</source>
   <translation>Es würden {times:.2f}-mal so viele Noten zugleich gefunden.</translation>
  </message>
  <message>
   <source>It would do worse where the notes are known, from you or from a score: {before:.1f} before, {after:.1f} after.</source>
   <translation>Wo die Noten bekannt sind, von Ihnen oder aus einer Partitur, wäre das Ergebnis schlechter: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>Where the notes are known, fewer of them would both start and end correctly: {before:.1f} before, {after:.1f} after.</source>
   <translation>Wo die Noten bekannt sind, wären weniger von ihnen samt ihrem Ende richtig: {before:.1f} vorher, {after:.1f} danach.</translation>
  </message>
  <message>
   <source>Where the loudness of the notes is known, fewer of them would come out about as loud: {before:.1f} % before, {after:.1f} % after.</source>
   <translation>Wo bekannt ist, wie laut die Noten sind, würden weniger von ihnen etwa so laut ausgegeben: {before:.1f} % vorher, {after:.1f} % danach.</translation>
  </message>
  <message>
   <source>Steadier: {before:.1f} before, {after:.1f} after.</source>
   <translation>Beständiger: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>Closer to its teacher: {before:.1f} before, {after:.1f} after.</source>
   <translation>Näher am Lehrer: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>Better where the notes are known, in parts it did not learn from: {before:.1f} before, {after:.1f} after.</source>
   <translation>Besser, wo die Noten bekannt sind, in Teilen, aus denen nicht gelernt wurde: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>More of the known notes both start and end correctly: {before:.1f} before, {after:.1f} after.</source>
   <translation>Von den bekannten Noten sind mehr samt ihrem Ende richtig: vorher {before:.1f}, nachher {after:.1f}.</translation>
  </message>
  <message>
   <source>No improvement found. Your model is unchanged.</source>
   <translation>Keine Verbesserung gefunden. Ihr Modell ist unverändert.</translation>
  </message>
  <message>
   <source>It finds the same notes as before; what changes is how they are written.</source>
   <translation>Es werden dieselben Noten gefunden wie zuvor; nur wie sie geschrieben werden, ändert sich.</translation>
  </message>
  <message>
   <source>Timing: notes were {before:.0f} ms off on average; now they are {after:.0f} ms off.</source>
   <translation>Zeitgenauigkeit: Die Noten lagen im Mittel {before:.0f} ms daneben, jetzt {after:.0f} ms.</translation>
  </message>
  <message>
   <source>Loudness: {before:.0f} % of notes were about as loud as played; now {after:.0f} % are.</source>
   <translation>Lautstärke: {before:.0f} % der Noten waren etwa so laut wie gespielt, jetzt sind es {after:.0f} %.</translation>
  </message>
  <message>
   <source>Lengths: {before:.0f} % of notes ended when they should; now {after:.0f} % do.</source>
   <translation>Längen: {before:.0f} % der Noten endeten, wann sie sollten, jetzt sind es {after:.0f} %.</translation>
  </message>
  <message>
   <source>These recordings contain hardly any notes.</source>
   <translation>Diese Aufnahmen enthalten kaum Noten.</translation>
  </message>
  <message>
   <source>Most of the notes found in these recordings were not struck.</source>
   <translation>Die meisten in diesen Aufnahmen gefundenen Noten wurden nicht angeschlagen.</translation>
  </message>
  <message>
   <source>The notes of these recordings are too uncertain to learn from: another instrument, or too much noise.</source>
   <translation>Die Noten dieser Aufnahmen sind zu unsicher, um daraus zu lernen: ein anderes Instrument oder zu viel Geräusch.</translation>
  </message>
  <message>
   <source>These recordings seem to be mostly of an instrument that this model was not made for: {names}.</source>
   <translation>Diese Aufnahmen scheinen überwiegend von einem Instrument zu stammen, für das dieses Modell nicht gemacht ist: {names}.</translation>
  </message>
  <message>
   <source>The weights were not changed: there is only one recording, and {after:.0f} are needed.</source>
   <translation>Die Gewichte wurden nicht verändert: Es ist nur eine Aufnahme da, nötig sind {after:.0f}.</translation>
  </message>
  <message>
   <source>The weights were not changed: there are {before:.0f} recordings, and {after:.0f} are needed.</source>
   <translation>Die Gewichte wurden nicht verändert: Es sind {before:.0f} Aufnahmen da, nötig sind {after:.0f}.</translation>
  </message>
  <message>
   <source>The weights were not changed: there are {before:.0f} s of recordings, and {after:.0f} s are needed.</source>
   <translation>Die Gewichte wurden nicht verändert: Es sind {before:.0f} s Aufnahmen da, nötig sind {after:.0f} s.</translation>
  </message>
  <message>
   <source>Where you marked instruments, in parts it did not learn from, it now agrees with you {after:.0f} % of the time; before, {before:.0f} %.</source>
   <translation>Wo Sie Instrumente markiert haben, in Teilen, aus denen es nicht gelernt hat, stimmt es Ihnen jetzt in {after:.0f} % der Zeit zu; vorher in {before:.0f} %.</translation>
  </message>
  <message>
   <source>Where you marked instruments, in parts it did not learn from, it would agree with you {after:.0f} % of the time; now it does {before:.0f} %.</source>
   <translation>Wo Sie Instrumente markiert haben, in Teilen, aus denen es nicht gelernt hat, würde es Ihnen in {after:.0f} % der Zeit zustimmen; jetzt sind es {before:.0f} %.</translation>
  </message>
  <message>
   <source>In {before:.0f} of {after:.0f} marked passages that it did not learn from, it would be wrong more often than now.</source>
   <translation>In {before:.0f} von {after:.0f} markierten Passagen, aus denen es nicht gelernt hat, läge es öfter falsch als jetzt.</translation>
  </message>
  <message>
   <source>It would recognize instruments less well in other music: {before:.1f} before, {after:.1f} after.</source>
   <translation>In anderer Musik würde es Instrumente weniger gut erkennen: {before:.1f} vorher, {after:.1f} nachher.</translation>
  </message>
  <message>
   <source>Passages with marked instruments: {before:.0f}; at least {after:.0f} are needed. To mark one, right-click an instrument above the notes: Is Heard Here, Is Not Heard Here.</source>
   <translation>Passagen mit markierten Instrumenten: {before:.0f}; nötig sind mindestens {after:.0f}. Zum Markieren klicken Sie über den Noten mit rechts auf ein Instrument: Ist hier zu hören, Ist hier nicht zu hören.</translation>
  </message>
  <message>
   <source>This recording contains hardly any notes.</source>
   <translation>Diese Aufnahme enthält kaum Noten.</translation>
  </message>
  <message>
   <source>Most of the notes found in this recording were not struck.</source>
   <translation>Die meisten in dieser Aufnahme gefundenen Noten wurden nicht angeschlagen.</translation>
  </message>
  <message>
   <source>The notes of this recording are too uncertain to learn from: another instrument, or too much noise.</source>
   <translation>Die Noten dieser Aufnahme sind zu unsicher, um daraus zu lernen: ein anderes Instrument oder zu viel Geräusch.</translation>
  </message>
  <message>
   <source>This recording seems to be mostly of an instrument that this model was not made for: {names}.</source>
   <translation>Diese Aufnahme scheint überwiegend von einem Instrument zu stammen, für das dieses Modell nicht gemacht ist: {names}.</translation>
  </message>
  <message>
   <source>Open a recording first: the two are compared on it.</source>
   <translation>Öffnen Sie zuerst eine Aufnahme, um beide daran zu vergleichen.</translation>
  </message>
  <message>
   <source>Changes</source>
   <translation>Änderungen</translation>
  </message>
  <message>
   <source>added</source>
   <translation>hinzugefügt</translation>
  </message>
  <message>
   <source>removed</source>
   <translation>entfernt</translation>
  </message>
  <message>
   <source>moved: the outline shows where it was</source>
   <translation>verschoben: der Umriss zeigt die alte Stelle</translation>
  </message>
  <message>
   <source>the same in both</source>
   <translation>in beiden gleich</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>Key</source>
   <translation>Taste</translation>
  </message>
  <message>
   <source>Change</source>
   <translation>Änderung</translation>
  </message>
  <message>
   <source>moved, {ms} ms earlier</source>
   <translation>verschoben, {ms} ms früher</translation>
  </message>
  <message>
   <source>was {key}</source>
   <translation>war {key}</translation>
  </message>
  <message>
   <source>moved, {ms} ms later</source>
   <translation>verschoben, {ms} ms später</translation>
  </message>
  <message>
   <source>Recording</source>
   <translation>Aufnahme</translation>
  </message>
  <message>
   <source>Progress of the comparison</source>
   <translation>Fortschritt des Vergleichs</translation>
  </message>
  <message>
   <source>Changed notes over the spectrogram</source>
   <translation>Geänderte Noten über dem Spektrogramm</translation>
  </message>
  <message>
   <source>Previous change</source>
   <translation>Vorige Änderung</translation>
  </message>
  <message>
   <source>Next change</source>
   <translation>Nächste Änderung</translation>
  </message>
  <message>
   <source>Play</source>
   <translation>Wiedergeben</translation>
  </message>
  <message>
   <source>Space</source>
   <translation>Leertaste</translation>
  </message>
  <message>
   <source>Notes before</source>
   <translation>Noten vorher</translation>
  </message>
  <message>
   <source>Notes after</source>
   <translation>Noten nachher</translation>
  </message>
  <message>
   <source>From the recording to the notes</source>
   <translation>Vom Original zu den Noten</translation>
  </message>
  <message>
   <source>Transcribing it twice…</source>
   <translation>Wird zweimal transkribiert…</translation>
  </message>
  <message>
   <source>X switches between the two, even while playing</source>
   <translation>X wechselt zwischen beiden, auch während der Wiedergabe</translation>
  </message>
  <message>
   <source>Notes</source>
   <translation>Noten</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <source>What “{name}” changes</source>
   <translation>Was „{name}“ ändert</translation>
  </message>
  <message>
   <source>{added} added, {removed} removed, {moved} moved; {same} the same</source>
   <translation>{added} hinzugefügt, {removed} entfernt, {moved} verschoben; {same} gleich</translation>
  </message>
  <message>
   <source>“{name}” is ready: the same notes, with more accurate timing, loudness or lengths.</source>
   <translation>„{name}“ ist fertig: dieselben Noten, mit genaueren Zeiten, Lautstärken oder Längen.</translation>
  </message>
  <message>
   <source>My instrument</source>
   <translation>Mein Instrument</translation>
  </message>
  <message>
   <source>Learning status</source>
   <translation>Zum Lernen</translation>
  </message>
  <message>
   <source>My Instrument</source>
   <translation>Mein Instrument</translation>
  </message>
  <message>
   <source>My &amp;Instrument…</source>
   <translation>Mein &amp;Instrument…</translation>
  </message>
  <message>
   <source>P&amp;rofiles…</source>
   <translation>&amp;Profile…</translation>
  </message>
  <message>
   <source>Learn from &amp;This Recording…</source>
   <translation>Aus &amp;dieser Aufnahme lernen…</translation>
  </message>
  <message>
   <source>Pause or &amp;Resume Learning</source>
   <translation>Lernen anhalten oder &amp;fortsetzen</translation>
  </message>
  <message>
   <source>&amp;Stop Learning</source>
   <translation>Lernen &amp;beenden</translation>
  </message>
  <message>
   <source>Paused while you record; it resumes by itself.</source>
   <translation>Angehalten, solange Sie aufnehmen; es geht von selbst weiter.</translation>
  </message>
  <message>
   <source>Paused while a recording is transcribed; it resumes by itself.</source>
   <translation>Angehalten, solange eine Aufnahme transkribiert wird; es geht von selbst weiter.</translation>
  </message>
  <message>
   <source>Recordings of your instrument</source>
   <translation>Aufnahmen Ihres Instruments</translation>
  </message>
  <message>
   <source>There are no recordings yet: open or record some, or add files.</source>
   <translation>Noch keine Aufnahmen: Öffnen oder machen Sie welche, oder fügen Sie Dateien hinzu.</translation>
  </message>
  <message>
   <source>Learning “{name}”: no improvement found. Your model is unchanged.</source>
   <translation>Lernen von „{name}“: keine Verbesserung gefunden. Ihr Modell ist unverändert.</translation>
  </message>
  <message>
   <source>“{name}” is ready: it transcribes your instrument better now.</source>
   <translation>„{name}“ ist fertig: Ihr Instrument wird jetzt besser transkribiert.</translation>
  </message>
  <message>
   <source>Panels</source>
   <translation>Bereiche</translation>
  </message>
  <message>
   <source>Recordings and projects ({patterns});;All files (*)</source>
   <translation>Aufnahmen und Projekte ({patterns});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>The notes of {name}</source>
   <translation>Die Noten von {name}</translation>
  </message>
  <message>
   <source>Scores ({patterns});;All files (*)</source>
   <translation>Partituren ({patterns});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>{recording} has been forgotten.</source>
   <translation>{recording} wurde vergessen.</translation>
  </message>
  <message>
   <source>Learning “{name}” was interrupted. Your model was not changed.</source>
   <translation>Das Lernen von „{name}“ wurde unterbrochen. Ihr Modell wurde nicht verändert.</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <source>Discard</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>Learning “{name}” failed.</source>
   <translation>Das Lernen von „{name}“ ist fehlgeschlagen.</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>These profiles were made from it too: {names}.</source>
   <translation>Auch diese Profile sind daraus entstanden: {names}.</translation>
  </message>
  <message>
   <source>“{name}” can be learned again from the others, which are now selected.</source>
   <translation>„{name}“ lässt sich aus den anderen neu lernen, die jetzt ausgewählt sind.</translation>
  </message>
  <message>
   <source>Before it learns, the model listens to your recordings several times and marks what it is sure of. It learns when these notes begin, and silence where there are none. Where you corrected notes, yours count instead.</source>
   <translation>Bevor es lernt, hört das Modell Ihre Aufnahmen mehrmals an und merkt sich, was es sicher hört. Daraus lernt es, wann diese Noten beginnen, und Stille, wo keine sind. Wo Sie Noten berichtigt haben, zählen stattdessen Ihre.</translation>
  </message>
  <message>
   <source>Listening several times…</source>
   <translation>Hört mehrmals zu…</translation>
  </message>
  <message>
   <source>Progress of listening</source>
   <translation>Fortschritt beim Zuhören</translation>
  </message>
  <message>
   <source>What it would learn, over the spectrogram</source>
   <translation>Was es lernen würde, über dem Spektrogramm</translation>
  </message>
  <message>
   <source>Reset</source>
   <translation>Zurücksetzen</translation>
  </message>
  <message>
   <source>Back to the recommended thresholds</source>
   <translation>Zurück zu den üblichen Schwellen</translation>
  </message>
  <message>
   <source>&amp;Learn with these thresholds</source>
   <translation>&amp;Damit lernen</translation>
  </message>
  <message>
   <source>Applies to all recordings, the next time you start learning</source>
   <translation>Aus allen Aufnahmen, ab dem nächsten Start</translation>
  </message>
  <message>
   <source>sure: learned as a note</source>
   <translation>sicher: als Note gelernt</translation>
  </message>
  <message>
   <source>unsure: ignored</source>
   <translation>unsicher: nicht beachtet</translation>
  </message>
  <message>
   <source>heard faintly: learned as silence</source>
   <translation>kaum gehört: als Stille gelernt</translation>
  </message>
  <message>
   <source>It would learn {taken} notes, ignore {ignored} that it is unsure of, and take {silent} for silence.</source>
   <translation>{taken} Noten würde es lernen, bei {ignored} ist es unsicher und beachtet sie nicht, {silent} hält es für Stille.</translation>
  </message>
  <message>
   <source>Only the first two minutes are shown.</source>
   <translation>Nur die ersten zwei Minuten sind zu sehen.</translation>
  </message>
  <message>
   <source>What it would learn from {name}</source>
   <translation>Was es aus {name} lernen würde</translation>
  </message>
  <message>
   <source>&amp;Sure from</source>
   <translation>&amp;Sicher ab</translation>
  </message>
  <message>
   <source>Sile&amp;nce up to</source>
   <translation>S&amp;tille bis</translation>
  </message>
  <message>
   <source>{n} %</source>
   <translation>{n} %</translation>
  </message>
  <message>
   <source>Learn</source>
   <translation>Lernen</translation>
  </message>
  <message>
   <source>Profiles</source>
   <translation>Profile</translation>
  </message>
  <message>
   <source>Use for this recording</source>
   <translation>Für diese Aufnahme verwenden</translation>
  </message>
  <message>
   <source>Transcribes the open recording again, or finds its instruments again; your edits are kept</source>
   <translation>Transkribiert die geöffnete Aufnahme erneut oder sucht ihre Instrumente erneut; Ihre Änderungen bleiben</translation>
  </message>
  <message>
   <source>Use for new recordings</source>
   <translation>Für neue Aufnahmen verwenden</translation>
  </message>
  <message>
   <source>Compare…</source>
   <translation>Vergleichen…</translation>
  </message>
  <message>
   <source>See and hear how it differs from the standard model</source>
   <translation>Sehen und hören, worin es vom Standardmodell abweicht</translation>
  </message>
  <message>
   <source>Rename…</source>
   <translation>Umbenennen…</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren…</translation>
  </message>
  <message>
   <source>Import…</source>
   <translation>Importieren…</translation>
  </message>
  <message>
   <source>Delete</source>
   <translation>Löschen</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>Recordings that the profile was made from</source>
   <translation>Aufnahmen, aus denen das Profil entstanden ist</translation>
  </message>
  <message>
   <source>Forget this recording…</source>
   <translation>Diese Aufnahme vergessen…</translation>
  </message>
  <message>
   <source>Removes what the profile learned from this recording</source>
   <translation>Nimmt das daraus Gelernte aus dem Profil</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Used for</source>
   <translation>Verwendet für</translation>
  </message>
  <message>
   <source>Purpose</source>
   <translation>Wofür</translation>
  </message>
  <message>
   <source>Standard model</source>
   <translation>Standardmodell</translation>
  </message>
  <message>
   <source>The standard model. It is never changed; profiles are kept beside it.</source>
   <translation>Das Standardmodell. Es wird nie verändert; Profile liegen daneben.</translation>
  </message>
  <message>
   <source>“{name}” was deleted.</source>
   <translation>„{name}“ wurde gelöscht.</translation>
  </message>
  <message>
   <source>new recordings</source>
   <translation>neue Aufnahmen</translation>
  </message>
  <message>
   <source>this one</source>
   <translation>diese</translation>
  </message>
  <message>
   <source>Made {day} for the model “{model}” from {recordings}, {length}.</source>
   <translation>Entstanden am {day} für das Modell „{model}“ aus {recordings}, {length}.</translation>
  </message>
  <message>
   <source>instruments</source>
   <translation>Instrumente</translation>
  </message>
  <message>
   <source>Instruments: {names}.</source>
   <translation>Instrumente: {names}.</translation>
  </message>
  <message>
   <source>You had corrected {length} of that.</source>
   <translation>Davon hatten Sie {length} berichtigt.</translation>
  </message>
  <message>
   <source>Tuning: {cents} cents.</source>
   <translation>Stimmung: {cents} Cent.</translation>
  </message>
  <message>
   <source>{length}, {role}</source>
   <translation>{length}, {role}</translation>
  </message>
  <message>
   <source>A profile for this recording</source>
   <translation>Ein Profil für diese Aufnahme</translation>
  </message>
  <message>
   <source>Your profile “{name}” was made for this: {instruments}. Transcribe the recording again with it? Your edits are kept.</source>
   <translation>Ihr Profil „{name}“ wurde dafür gemacht: {instruments}. Die Aufnahme damit noch einmal transkribieren? Ihre Änderungen bleiben erhalten.</translation>
  </message>
  <message>
   <source>Transcribe With It</source>
   <translation>Damit transkribieren</translation>
  </message>
  <message>
   <source>Your profile “{name}” was made for something else: {instruments}. Notes may be less accurate here. Transcribe the recording again without it? Your edits are kept.</source>
   <translation>Ihr Profil „{name}“ wurde für etwas anderes gemacht: {instruments}. Die Noten können hier ungenauer sein. Die Aufnahme ohne das Profil noch einmal transkribieren? Ihre Änderungen bleiben erhalten.</translation>
  </message>
  <message>
   <source>Transcribe Without It</source>
   <translation>Ohne das Profil transkribieren</translation>
  </message>
  <message>
   <source>Rename the profile</source>
   <translation>Profil umbenennen</translation>
  </message>
  <message>
   <source>New name:</source>
   <translation>Neuer Name:</translation>
  </message>
  <message>
   <source>It was only used for testing: its name and figures are removed, and “{name}” stays as it is.</source>
   <translation>Sie diente nur der Prüfung: Name und Zahlen werden entfernt, „{name}“ bleibt, wie es ist.</translation>
  </message>
  <message>
   <source>What “{name}” learned from it cannot be separated from the rest, so the profile is deleted immediately and permanently. It can be learned again from its other recordings. The recording itself stays where it is.</source>
   <translation>Was „{name}“ daraus gelernt hat, lässt sich vom Rest nicht trennen; das Profil wird daher sofort und endgültig gelöscht. Es lässt sich aus seinen anderen Aufnahmen neu lernen. Die Aufnahme selbst bleibt, wo sie ist.</translation>
  </message>
  <message>
   <source>Forget</source>
   <translation>Vergessen</translation>
  </message>
  <message>
   <source>Export the profile</source>
   <translation>Profil exportieren</translation>
  </message>
  <message>
   <source>Import a profile</source>
   <translation>Profil importieren</translation>
  </message>
  <message>
   <source>Profiles (*{suffix});;All files (*)</source>
   <translation>Profile (*{suffix});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>A profile with this name already exists. Import it as:</source>
   <translation>Ein Profil dieses Namens gibt es schon. Importieren als:</translation>
  </message>
  <message>
   <source>Forget {recording}?</source>
   <translation>{recording} vergessen?</translation>
  </message>
  <message>
   <source>Saved {path}</source>
   <translation>{path} gespeichert</translation>
  </message>
  <message>
   <source>The profile “{name}” was imported.</source>
   <translation>Das Profil „{name}“ wurde importiert.</translation>
  </message>
  <message>
   <source>left out</source>
   <translation>ausgelassen</translation>
  </message>
  <message>
   <source>Recordings to learn from</source>
   <translation>Aufnahmen, aus denen gelernt wird</translation>
  </message>
  <message>
   <source>Two hours are enough; this recording is not needed.</source>
   <translation>Zwei Stunden reichen; diese wird nicht gebraucht.</translation>
  </message>
  <message>
   <source>can be used</source>
   <translation>kann verwendet werden</translation>
  </message>
  <message>
   <source>Length</source>
   <translation>Länge</translation>
  </message>
  <message>
   <source>State</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <source>not checked yet</source>
   <translation>noch nicht geprüft</translation>
  </message>
  <message>
   <source>✓ score</source>
   <translation>✓ Partitur</translation>
  </message>
  <message>
   <source>✓ keyboard</source>
   <translation>✓ Keyboard</translation>
  </message>
  <message>
   <source>{length} of it corrected, and {notes}</source>
   <translation>{length} davon berichtigt, und {notes}</translation>
  </message>
  <message>
   <source>Its notes: {score}</source>
   <translation>Ihre Noten: {score}</translation>
  </message>
  <message>
   <source>What was tried but not kept:</source>
   <translation>Was versucht, aber nicht übernommen wurde:</translation>
  </message>
  <message>
   <source>Recordings</source>
   <translation>Aufnahmen</translation>
  </message>
  <message>
   <source>Use it for new recordings</source>
   <translation>Für neue Aufnahmen verwenden</translation>
  </message>
  <message>
   <source>Keep</source>
   <translation>Behalten</translation>
  </message>
  <message>
   <source>Everything stays as it was</source>
   <translation>Alles bleibt, wie es war</translation>
  </message>
  <message>
   <source>See and hear what changed…</source>
   <translation>Sehen und hören, was sich geändert hat…</translation>
  </message>
  <message>
   <source>In one of your recordings</source>
   <translation>An einer Ihrer Aufnahmen</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>What may help: more marked passages, in more recordings.</source>
   <translation>Was helfen kann: mehr markierte Passagen, in mehr Aufnahmen.</translation>
  </message>
  <message>
   <source>What may help: passages that you corrected and accepted, the score of a piece that you recorded, more recordings, or more minutes.</source>
   <translation>Was helfen kann: von Ihnen berichtigte und bestätigte Passagen, die Partitur eines aufgenommenen Stücks, mehr Aufnahmen oder mehr Minuten.</translation>
  </message>
  <message>
   <source>In the editor, N takes you from one doubtful note to the next.</source>
   <translation>Im Editor führt N von einer zweifelhaften Note zur nächsten.</translation>
  </message>
  <message>
   <source>It learned from these recordings:</source>
   <translation>Gelernt wurde aus diesen Aufnahmen:</translation>
  </message>
  <message>
   <source>These recordings were examined; nothing from them was kept:</source>
   <translation>Diese Aufnahmen wurden geprüft; nichts davon wird aufbewahrt:</translation>
  </message>
  <message>
   <source>Notes corrected in three recordings can also set timing, loudness and lengths right, even if no other notes are found.</source>
   <translation>In drei Aufnahmen berichtigte Noten können auch Zeiten, Lautstärken und Längen richtigstellen, selbst wenn keine anderen Noten gefunden werden.</translation>
  </message>
  <message>
   <source>{before} → {after} %</source>
   <translation>{before} → {after} %</translation>
  </message>
  <message>
   <source>Learning progress</source>
   <translation>Fortschritt des Lernens</translation>
  </message>
  <message>
   <source>How often it finds the same notes as its teacher, in altered copies of your recordings:</source>
   <translation>Wie oft in veränderten Kopien Ihrer Aufnahmen dieselben Noten gefunden werden wie vom Lehrer:</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Beenden</translation>
  </message>
  <message>
   <source>What has been learned so far is kept, so that you can resume</source>
   <translation>Das bisher Gelernte bleibt, sodass Sie fortsetzen können</translation>
  </message>
  <message>
   <source>You can keep working: recording and transcribing take priority. Your model is not changed until the end.</source>
   <translation>Sie können weiterarbeiten: Aufnehmen und Transkribieren haben Vorrang. Ihr Modell wird bis zum Ende nicht verändert.</translation>
  </message>
  <message>
   <source>Stopping…</source>
   <translation>Wird beendet…</translation>
  </message>
  <message>
   <source>Paused</source>
   <translation>Angehalten</translation>
  </message>
  <message>
   <source>Waiting</source>
   <translation>Wartet</translation>
  </message>
  <message>
   <source>{stage}…</source>
   <translation>{stage}…</translation>
  </message>
  <message>
   <source>Learning “{name}”</source>
   <translation>„{name}“ wird gelernt</translation>
  </message>
  <message>
   <source>agreement, %</source>
   <translation>Übereinstimmung, %</translation>
  </message>
  <message>
   <source>minutes of learning</source>
   <translation>Minuten des Lernens</translation>
  </message>
  <message>
   <source>Agreement with the teacher</source>
   <translation>Übereinstimmung mit dem Lehrer</translation>
  </message>
  <message>
   <source>{first} % at first, {last} % now</source>
   <translation>{first} % zu Beginn, {last} % jetzt</translation>
  </message>
  <message>
   <source>From your recordings it learns how your instrument, your room and your microphone sound; you do not have to label anything. All of it happens on this computer, and nothing leaves it.</source>
   <translation>Aus Ihren Aufnahmen wird gelernt, wie Ihr Instrument, Ihr Raum und Ihr Mikrofon klingen; beschriften müssen Sie nichts. Alles geschieht auf diesem Rechner, und nichts verlässt ihn.</translation>
  </message>
  <message>
   <source>Drop recordings of one instrument here: at least three, and at least a minute in all. Ten minutes are better.</source>
   <translation>Ziehen Sie Aufnahmen eines Instruments hierher: mindestens drei und zusammen mindestens eine Minute. Zehn Minuten sind besser.</translation>
  </message>
  <message>
   <source>With fewer than {n} recordings or less than {length} it can only learn how your instrument is tuned and, from corrected notes, the timing, loudness and length of notes.</source>
   <translation>Mit weniger als {n} Aufnahmen oder weniger als {length} kann nur gelernt werden, wie Ihr Instrument gestimmt ist, und aus berichtigten Noten, wann Noten beginnen und wie laut und wie lang sie sind.</translation>
  </message>
  <message>
   <source>Teach it your instrument</source>
   <translation>Das eigene Instrument lehren</translation>
  </message>
  <message>
   <source>Add files…</source>
   <translation>Dateien hinzufügen…</translation>
  </message>
  <message>
   <source>Recordings or projects; you can also drop them here</source>
   <translation>Aufnahmen oder Projekte; sie können auch hierher gezogen werden</translation>
  </message>
  <message>
   <source>All my recordings</source>
   <translation>Alle meine Aufnahmen</translation>
  </message>
  <message>
   <source>Open and recent recordings, and your takes</source>
   <translation>Offene und zuletzt geöffnete Aufnahmen und Ihre Takes</translation>
  </message>
  <message>
   <source>Its score…</source>
   <translation>Ihre Partitur…</translation>
  </message>
  <message>
   <source>The notes of the selected recording, as MIDI or MusicXML: they count as known</source>
   <translation>Die Noten der ausgewählten Aufnahme als MIDI oder MusicXML: Sie gelten als bekannt</translation>
  </message>
  <message>
   <source>What it would learn…</source>
   <translation>Was es lernen würde…</translation>
  </message>
  <message>
   <source>Shows over the spectrogram which notes of the selected recording it is sure of</source>
   <translation>Welche Noten der ausgewählten Aufnahme es sicher hört, über dem Spektrogramm</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Remove from this list (Del)</source>
   <translation>Aus dieser Liste entfernen (Entf)</translation>
  </message>
  <message>
   <source>Use my corrections</source>
   <translation>Meine Berichtigungen verwenden</translation>
  </message>
  <message>
   <source>Learn my instrument</source>
   <translation>Mein Instrument lernen</translation>
  </message>
  <message>
   <source>Solo piano</source>
   <translation>Ein Klavier allein</translation>
  </message>
  <message>
   <source>Other instruments</source>
   <translation>Andere Instrumente</translation>
  </message>
  <message>
   <source>Drums</source>
   <translation>Schlagzeug</translation>
  </message>
  <message>
   <source>Any music (instrument detection)</source>
   <translation>Beliebig (Instrumentenerkennung)</translation>
  </message>
  <message>
   <source>What is played</source>
   <translation>Was gespielt wird</translation>
  </message>
  <message>
   <source>Decides which model learns</source>
   <translation>Davon hängt ab, welches Modell lernt</translation>
  </message>
  <message>
   <source> min</source>
   <translation> min</translation>
  </message>
  <message>
   <source>Minutes to spend on learning</source>
   <translation>Minuten zum Lernen</translation>
  </message>
  <message>
   <source>For learning only. The tests before and after take extra time, and everything takes longer on a busy computer</source>
   <translation>Nur für das Lernen. Die Prüfungen davor und danach kommen hinzu, und auf einem beschäftigten Rechner dauert alles länger</translation>
  </message>
  <message>
   <source>Name of the profile</source>
   <translation>Name des Profils</translation>
  </message>
  <message>
   <source>What is learned is kept under this name</source>
   <translation>Unter diesem Namen wird das Gelernte aufbewahrt</translation>
  </message>
  <message>
   <source>Continue when the window is closed</source>
   <translation>Weiterlernen, wenn das Fenster geschlossen ist</translation>
  </message>
  <message>
   <source>From passages in which you marked instruments as heard or not heard, it learns to recognize them in your recordings. All of it happens on this computer, and nothing leaves it.</source>
   <translation>Aus Passagen, in denen Sie Instrumente als zu hören oder als nicht zu hören markiert haben, lernt es, sie in Ihren Aufnahmen zu erkennen. Alles geschieht auf diesem Rechner, und nichts verlässt ihn.</translation>
  </message>
  <message>
   <source>Drop recordings or projects here in which you marked instruments.</source>
   <translation>Ziehen Sie Aufnahmen oder Projekte hierher, in denen Sie Instrumente markiert haben.</translation>
  </message>
  <message>
   <source>To learn anything, it needs {n} recordings and {length} of drums.</source>
   <translation>Um etwas zu lernen, braucht es {n} Aufnahmen und {length} Schlagzeug.</translation>
  </message>
  <message>
   <source>&amp;What is played</source>
   <translation>&amp;Was gespielt wird</translation>
  </message>
  <message>
   <source>&amp;Time to learn</source>
   <translation>&amp;Lernzeit</translation>
  </message>
  <message>
   <source>Nam&amp;e</source>
   <translation>Nam&amp;e</translation>
  </message>
  <message>
   <source>You chose how sure it has to be: a note from {sure} %, silence up to {silent} %.</source>
   <translation>Sie haben gewählt, wie sicher es sein muss: eine Note ab {sure} %, Stille bis {silent} %.</translation>
  </message>
  <message>
   <source>{recordings}, {length}</source>
   <translation>{recordings}, {length}</translation>
  </message>
  <message>
   <source>These recordings have no corrections. Correct a passage in the editor, mark it on the ruler and accept it with Shift+Y: it then counts as known.</source>
   <translation>Zu diesen Aufnahmen gibt es keine. Berichtigen Sie eine Passage, markieren Sie sie auf dem Lineal und bestätigen Sie sie mit Umschalt+Y: Dann gilt sie als bekannt.</translation>
  </message>
  <message>
   <source>{name}: {reason}</source>
   <translation>{name}: {reason}</translation>
  </message>
  <message>
   <source>“{name}” already exists. It will be learned again, and replaced only if the new one passes the tests; discarding the new one brings the old one back.</source>
   <translation>„{name}“ gibt es schon. Es wird neu gelernt und nur ersetzt, wenn das neue die Prüfungen besteht; Verwerfen bringt das alte zurück.</translation>
  </message>
  <message>
   <source>{length} with a score</source>
   <translation>{length} mit Partitur</translation>
  </message>
  <message>
   <source>{length} with a keyboard recorded along</source>
   <translation>{length} zusammen mit einem Keyboard aufgenommen</translation>
  </message>
  <message>
   <source>Passages with marked instruments: {n}, in {recordings}.</source>
   <translation>Passagen mit markierten Instrumenten: {n}, in {recordings}.</translation>
  </message>
  <message>
   <source>… and {n} more</source>
   <translation>… und {n} weitere</translation>
  </message>
  <message>
   <source>{n} left out</source>
   <translation>{n} ausgelassen</translation>
  </message>
  <message>
   <source>listening to {n} more…</source>
   <translation>{n} weitere werden angehört…</translation>
  </message>
  <message>
   <source>{seconds} s of corrected passages and {notes} single notes, in {recordings}: they count more than anything else.</source>
   <translation>{seconds} s berichtigte Passagen und {notes} einzelne Noten, in {recordings}: Sie zählen mehr als alles andere.</translation>
  </message>
  <message>
   <source>Forget what was learned so far</source>
   <translation>Das bisher Gelernte vergessen</translation>
  </message>
  <message>
   <source>Copy details</source>
   <translation>Einzelheiten kopieren</translation>
  </message>
  <message>
   <source>Learning “{name}” was interrupted</source>
   <translation>Das Lernen von „{name}“ wurde unterbrochen</translation>
  </message>
  <message>
   <source>Learning “{name}” has stopped</source>
   <translation>Das Lernen von „{name}“ ist beendet</translation>
  </message>
  <message>
   <source>Your model was not changed.</source>
   <translation>Ihr Modell wurde nicht verändert.</translation>
  </message>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
  <message>
   <source>Start over</source>
   <translation>Von vorn beginnen</translation>
  </message>
  <message>
   <source>What was learned so far is kept; you can resume.</source>
   <translation>Das bisher Gelernte ist aufbewahrt; Sie können fortsetzen.</translation>
  </message>
  <message>
   <source>It had only just begun.</source>
   <translation>Es hatte eben erst begonnen.</translation>
  </message>
  <message>
   <source>Learning “{name}” failed</source>
   <translation>Das Lernen von „{name}“ ist fehlgeschlagen</translation>
  </message>
  <message>
   <source>No improvement found. Your model is unchanged</source>
   <translation>Keine Verbesserung gefunden. Ihr Modell ist unverändert</translation>
  </message>
  <message>
   <source>Less than a minute left</source>
   <translation>Noch weniger als eine Minute</translation>
  </message>
  <message>
   <source>Getting ready</source>
   <translation>Vorbereitung</translation>
  </message>
  <message>
   <source>Reading the recordings</source>
   <translation>Die Aufnahmen werden gelesen</translation>
  </message>
  <message>
   <source>Listening to your recordings</source>
   <translation>Ihre Aufnahmen werden angehört</translation>
  </message>
  <message>
   <source>Finding the notes of the score in the recording</source>
   <translation>Die Noten der Partitur werden in der Aufnahme gesucht</translation>
  </message>
  <message>
   <source>Measuring how your instrument is tuned</source>
   <translation>Die Stimmung Ihres Instruments wird gemessen</translation>
  </message>
  <message>
   <source>A slower, more careful teacher is listening</source>
   <translation>Ein langsamerer, sorgfältigerer Lehrer hört zu</translation>
  </message>
  <message>
   <source>Learning</source>
   <translation>Es wird gelernt</translation>
  </message>
  <message>
   <source>Choosing thresholds</source>
   <translation>Die Schwellen werden gewählt</translation>
  </message>
  <message>
   <source>Measuring timing, loudness and lengths</source>
   <translation>Zeiten, Lautstärken und Längen werden gemessen</translation>
  </message>
  <message>
   <source>Comparing with the previous model</source>
   <translation>Vergleich mit dem bisherigen Modell</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Working</source>
   <translation>In Arbeit</translation>
  </message>
  <message>
   <source>Tuning</source>
   <translation>Stimmung</translation>
  </message>
  <message>
   <source>What was learned</source>
   <translation>Das Gelernte</translation>
  </message>
  <message>
   <source>Half of what was learned</source>
   <translation>Die Hälfte des Gelernten</translation>
  </message>
  <message>
   <source>Three quarters of what was learned</source>
   <translation>Drei Viertel des Gelernten</translation>
  </message>
  <message>
   <source>It recognizes instruments better now</source>
   <translation>Es erkennt Instrumente jetzt besser</translation>
  </message>
  <message>
   <source>It transcribes your instrument better now</source>
   <translation>Ihr Instrument wird jetzt besser transkribiert</translation>
  </message>
  <message>
   <source>timing</source>
   <translation>Zeiten</translation>
  </message>
  <message>
   <source>loudness</source>
   <translation>Lautstärken</translation>
  </message>
  <message>
   <source>note lengths</source>
   <translation>Notenlängen</translation>
  </message>
  <message>
   <source>sharp</source>
   <translation>zu hoch</translation>
  </message>
  <message>
   <source>flat</source>
   <translation>zu tief</translation>
  </message>
  <message>
   <source>{hours} h {minutes} min</source>
   <translation>{hours} h {minutes} min</translation>
  </message>
  <message>
   <source>{step}: {verdict}. {reasons}</source>
   <translation>{step}: {verdict}. {reasons}</translation>
  </message>
  <message>
   <source>{others} and {last}</source>
   <translation>{others} und {last}</translation>
  </message>
  <message>
   <source>Steadiness</source>
   <translation>Beständigkeit</translation>
  </message>
  <message>
   <source>In slightly altered copies of your recordings, it finds {a} % of the notes again</source>
   <translation>In leicht veränderten Kopien Ihrer Aufnahmen werden {a} % derselben Noten gefunden</translation>
  </message>
  <message>
   <source>Agreement with its teacher</source>
   <translation>Übereinstimmung mit dem Lehrer</translation>
  </message>
  <message>
   <source>It agrees with its teacher on {a} % of the notes</source>
   <translation>Mit dem Lehrer stimmen {a} % der Noten überein</translation>
  </message>
  <message>
   <source>Known notes</source>
   <translation>Wo die Noten bekannt sind</translation>
  </message>
  <message>
   <source>Where you or a score say what is played, it gets {a} % of the notes right</source>
   <translation>Wo Sie oder eine Partitur sagen, was gespielt wird, stimmen {a} % der Noten</translation>
  </message>
  <message>
   <source>Starts and ends of known notes</source>
   <translation>Bekannte Noten mit ihrem Ende</translation>
  </message>
  <message>
   <source>Where it is known when notes end, it gets {a} % of them right from start to end</source>
   <translation>Wo bekannt ist, wann Noten enden, sind {a} % samt ihrem Ende richtig</translation>
  </message>
  <message>
   <source>Loudness of known notes</source>
   <translation>Lautstärke bekannter Noten</translation>
  </message>
  <message>
   <source>Of the known notes that it finds, {a} % come out about as loud as played</source>
   <translation>Von den bekannten Noten, die gefunden werden, sind {a} % etwa so laut geschrieben, wie sie sind</translation>
  </message>
  <message>
   <source>Marked instruments</source>
   <translation>Markierte Instrumente</translation>
  </message>
  <message>
   <source>Where you marked instruments, it agrees with you {a} % of the time</source>
   <translation>Wo Sie Instrumente markiert haben, stimmt es Ihnen in {a} % der Zeit zu</translation>
  </message>
  <message>
   <source>In other music</source>
   <translation>In anderer Musik</translation>
  </message>
  <message>
   <source>In music whose instruments are known, it tells one that plays from one that does not {a} % of the time</source>
   <translation>In Musik mit bekannten Instrumenten unterscheidet es in {a} % der Fälle eines, das spielt, von einem, das nicht spielt</translation>
  </message>
  <message>
   <source>On other recordings</source>
   <translation>Bei anderen Aufnahmen</translation>
  </message>
  <message>
   <source>On music whose notes are known, it gets {a} % of the notes right</source>
   <translation>Bei Musik, deren Noten bekannt sind, stimmen {a} % der Noten</translation>
  </message>
  <message>
   <source>On instruments like yours</source>
   <translation>Bei Instrumenten wie Ihren</translation>
  </message>
  <message>
   <source>On artificial recordings of instruments like yours, it gets {a} % of the notes right</source>
   <translation>Bei künstlichen Aufnahmen von Instrumenten wie Ihren stimmen {a} % der Noten</translation>
  </message>
  <message>
   <source>Timing: left as it was. Notes are {before} ms off on average; with the change that was tried, {after} ms.</source>
   <translation>Zeitgenauigkeit: unverändert. Die Noten liegen im Mittel {before} ms daneben; mit der versuchten Änderung wären es {after} ms.</translation>
  </message>
  <message>
   <source>Loudness: left as it was. {before} % of notes are about as loud as played; with the change that was tried, {after} %.</source>
   <translation>Lautstärke: unverändert. {before} % der Noten sind etwa so laut wie gespielt; mit der versuchten Änderung wären es {after} %.</translation>
  </message>
  <message>
   <source>Lengths: left as they were. {before} % of notes end when they should; with the change that was tried, {after} %.</source>
   <translation>Längen: unverändert. {before} % der Noten enden, wann sie sollen; mit der versuchten Änderung wären es {after} %.</translation>
  </message>
  <message>
   <source>Your instrument is {cents} cents {way}; this is now taken into account.</source>
   <translation>Ihr Instrument ist {cents} Cent {way}; das wird jetzt berücksichtigt.</translation>
  </message>
  <message>
   <source>It took {whole}, {learned} of that for learning.</source>
   <translation>Es dauerte {whole}, davon {learned} zum Lernen.</translation>
  </message>
  <message>
   <source>Recording {n} of {total}</source>
   <translation>Aufnahme {n} von {total}</translation>
  </message>
  <message>
   <source>And to music whose notes are known, which is used to judge it</source>
   <translation>Auch Musik, deren Noten bekannt sind; danach wird geurteilt</translation>
  </message>
  <message>
   <source>Half from your recordings, half from music whose notes are known</source>
   <translation>Zur Hälfte aus Ihren Aufnahmen, zur Hälfte aus Musik, deren Noten bekannt sind</translation>
  </message>
  <message>
   <source>On recordings of yours that it did not learn from, and on known music</source>
   <translation>An Aufnahmen von Ihnen, aus denen nicht gelernt wurde, und an bekannter Musik</translation>
  </message>
  <message>
   <source>kept</source>
   <translation>behalten</translation>
  </message>
  <message>
   <source>not kept</source>
   <translation>nicht behalten</translation>
  </message>
  <message>
   <source>The same notes, with better {what}</source>
   <translation>Dieselben Noten, mit besseren Angaben: {what}</translation>
  </message>
  <message>
   <source>It took {whole}; the network itself was not changed.</source>
   <translation>Es dauerte {whole}; das Netz selbst wurde nicht verändert.</translation>
  </message>
  <message>
   <source>used for learning</source>
   <translation>daraus gelernt</translation>
  </message>
  <message>
   <source>used to choose thresholds</source>
   <translation>wählte die Schwellen</translation>
  </message>
  <message>
   <source>only used for testing</source>
   <translation>nur zur Prüfung</translation>
  </message>
  <message>
   <source>{sentence}; before: {b} %.</source>
   <translation>{sentence}; vorher: {b} %.</translation>
  </message>
  <message>
   <source>Close this message</source>
   <translation>Diese Meldung schließen</translation>
  </message>
  <message>
   <source>Find Beats</source>
   <translation>Schläge finden</translation>
  </message>
  <message>
   <source>Half Tempo</source>
   <translation>Halbes Tempo</translation>
  </message>
  <message>
   <source>Double Tempo</source>
   <translation>Doppeltes Tempo</translation>
  </message>
  <message>
   <source>Fixed Tempo</source>
   <translation>Festes Tempo</translation>
  </message>
  <message>
   <source>Remove Bars and Beats</source>
   <translation>Takte und Schläge entfernen</translation>
  </message>
  <message>
   <source>Bar Begins Here</source>
   <translation>Takt beginnt hier</translation>
  </message>
  <message>
   <source>Bars Counted From Here On</source>
   <translation>Takte ab hier gezählt</translation>
  </message>
  <message>
   <source>Move a Beat</source>
   <translation>Schlag verschieben</translation>
  </message>
  <message>
   <source>Add a Beat</source>
   <translation>Schlag hinzufügen</translation>
  </message>
  <message>
   <source>Remove a Beat</source>
   <translation>Schlag entfernen</translation>
  </message>
  <message>
   <source>Tap Beats</source>
   <translation>Schläge tippen</translation>
  </message>
  <message>
   <source>Beats can be found once there are notes.</source>
   <translation>Schläge lassen sich finden, sobald die Noten da sind.</translation>
  </message>
  <message>
   <source>No beats were found: there are too few notes.</source>
   <translation>Keine Schläge gefunden: Es sind zu wenige Noten.</translation>
  </message>
  <message>
   <source>The beats are not certain: you can correct them in the Beats menu.</source>
   <translation>Die Schläge sind nicht sicher: Im Menü „Takte“ lassen sie sich berichtigen.</translation>
  </message>
  <message>
   <source>Stopped: the beats are as they were.</source>
   <translation>Abgebrochen: Die Schläge sind, wie sie waren.</translation>
  </message>
  <message>
   <source>Time Signature {meter}</source>
   <translation>Taktart {meter}</translation>
  </message>
  <message>
   <source>Time Signature {meter} From Here On</source>
   <translation>Taktart {meter} ab hier</translation>
  </message>
  <message>
   <source>Beats can be tapped once there are notes.</source>
   <translation>Schläge lassen sich tippen, sobald die Noten da sind.</translation>
  </message>
  <message>
   <source>Start playing first, then tap T on every beat.</source>
   <translation>Starten Sie zuerst die Wiedergabe, dann tippen Sie T bei jedem Schlag.</translation>
  </message>
  <message>
   <source>There are no beats yet: choose Beats &gt; Find Beats first.</source>
   <translation>Noch keine Schläge: zuerst „Schläge finden“.</translation>
  </message>
  <message>
   <source>This project is open for reading only.</source>
   <translation>Dieses Projekt kann nur gelesen werden.</translation>
  </message>
  <message>
   <source>About {tempo} beats a minute.</source>
   <translation>Etwa {tempo} Schläge pro Minute.</translation>
  </message>
  <message>
   <source>About {tempo} beats a minute, {meter}.</source>
   <translation>Etwa {tempo} Schläge pro Minute, {meter}.</translation>
  </message>
  <message>
   <source>Finding beats… {percent} %</source>
   <translation>Schläge werden gesucht… {percent} %</translation>
  </message>
  <message>
   <source>&amp;Find Beats</source>
   <translation>&amp;Schläge finden</translation>
  </message>
  <message>
   <source>Find Beats &amp;Near a Tempo…</source>
   <translation>Schläge &amp;nahe einem Tempo finden…</translation>
  </message>
  <message>
   <source>&amp;Tap Beats While Playing</source>
   <translation>Schläge beim Hören &amp;tippen</translation>
  </message>
  <message>
   <source>&amp;Half Tempo</source>
   <translation>&amp;Halbes Tempo</translation>
  </message>
  <message>
   <source>&amp;Double Tempo</source>
   <translation>&amp;Doppeltes Tempo</translation>
  </message>
  <message>
   <source>Time &amp;Signature</source>
   <translation>Takt&amp;art</translation>
  </message>
  <message>
   <source>&amp;From Here On…</source>
   <translation>A&amp;b hier…</translation>
  </message>
  <message>
   <source>For a piece whose time signature changes: bars before stay</source>
   <translation>Für ein Stück, dessen Taktart wechselt: Die Takte davor bleiben</translation>
  </message>
  <message>
   <source>&amp;Key</source>
   <translation>&amp;Tonart</translation>
  </message>
  <message>
   <source>Fi&amp;xed Tempo…</source>
   <translation>&amp;Festes Tempo…</translation>
  </message>
  <message>
   <source>&amp;Remove Bars and Beats</source>
   <translation>Takte und Schläge &amp;entfernen</translation>
  </message>
  <message>
   <source>Sho&amp;w Bars and Beats</source>
   <translation>Takte und Schläge &amp;zeigen</translation>
  </message>
  <message>
   <source>Snap to the &amp;Grid</source>
   <translation>Am &amp;Raster einrasten</translation>
  </message>
  <message>
   <source>Notes that you move or draw begin on grid lines; hold Alt to place them freely</source>
   <translation>Verschobene und gezeichnete Noten beginnen auf Linien; nicht, solange Alt gedrückt ist</translation>
  </message>
  <message>
   <source>Gr&amp;id</source>
   <translation>Ra&amp;ster</translation>
  </message>
  <message>
   <source>Find Beats Near a Tempo</source>
   <translation>Schläge nahe einem Tempo finden</translation>
  </message>
  <message>
   <source>Beats per minute</source>
   <translation>Schläge pro Minute</translation>
  </message>
  <message>
   <source>Time Signature</source>
   <translation>Taktart</translation>
  </message>
  <message>
   <source>Such as 5/4 or 12/8</source>
   <translation>Etwa 5/4 oder 12/8</translation>
  </message>
  <message>
   <source>Time Signature From Here On</source>
   <translation>Taktart ab hier</translation>
  </message>
  <message>
   <source>Such as 3/4; the bars before stay</source>
   <translation>Etwa 3/4; die Takte davor bleiben</translation>
  </message>
  <message>
   <source>&amp;Bar Begins Here</source>
   <translation>Takt &amp;beginnt hier</translation>
  </message>
  <message>
   <source>Bars &amp;Counted From Here On</source>
   <translation>Takte ab hier neu &amp;zählen</translation>
  </message>
  <message>
   <source>&amp;Move the Nearest Beat Here</source>
   <translation>&amp;Nächstgelegenen Schlag hierher</translation>
  </message>
  <message>
   <source>&amp;Add a Beat Here</source>
   <translation>Schlag hier &amp;hinzufügen</translation>
  </message>
  <message>
   <source>R&amp;emove the Nearest Beat</source>
   <translation>Nächstgelegenen Schlag &amp;entfernen</translation>
  </message>
  <message>
   <source>&amp;Other…</source>
   <translation>&amp;Andere…</translation>
  </message>
  <message>
   <source>&amp;Beats</source>
   <translation>&amp;Takte</translation>
  </message>
  <message>
   <source>&amp;Halves of Beats</source>
   <translation>&amp;Halbe Schläge</translation>
  </message>
  <message>
   <source>&amp;Triplets</source>
   <translation>&amp;Triolen</translation>
  </message>
  <message>
   <source>&amp;Quarters of Beats</source>
   <translation>&amp;Viertel eines Schlags</translation>
  </message>
  <message>
   <source>Quarters of Beats &amp;and Triplets</source>
   <translation>Viertel eines Schlags &amp;und Triolen</translation>
  </message>
  <message>
   <source>&amp;Sixths of Beats</source>
   <translation>&amp;Sechstel eines Schlags</translation>
  </message>
  <message>
   <source>&amp;Eighths of Beats</source>
   <translation>&amp;Achtel eines Schlags</translation>
  </message>
  <message>
   <source>Stop &amp;Finding Beats</source>
   <translation>&amp;Suche nach Schlägen abbrechen</translation>
  </message>
  <message>
   <source>“{text}” is not a time signature; write one such as 5/4.</source>
   <translation>„{text}“ ist keine Taktart; schreiben Sie etwa 5/4.</translation>
  </message>
  <message>
   <source>{bits}-bit float {kind}</source>
   <translation>{bits}-Bit-Gleitkomma-{kind}</translation>
  </message>
  <message>
   <source>{bits}-bit {kind}</source>
   <translation>{bits}-Bit-{kind}</translation>
  </message>
  <message>
   <source>&amp;Keyboard Shortcuts…</source>
   <translation>&amp;Tastenkürzel…</translation>
  </message>
  <message>
   <source>&amp;Preferences…</source>
   <translation>&amp;Einstellungen…</translation>
  </message>
  <message>
   <source>&amp;Appearance</source>
   <translation>&amp;Darstellung</translation>
  </message>
  <message>
   <source>Follow &amp;System</source>
   <translation>Wie das &amp;System</translation>
  </message>
  <message>
   <source>&amp;Light</source>
   <translation>&amp;Hell</translation>
  </message>
  <message>
   <source>&amp;Dark</source>
   <translation>&amp;Dunkel</translation>
  </message>
  <message>
   <source>Preferences</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Restore the &amp;defaults</source>
   <translation>Standardwerte &amp;wiederherstellen</translation>
  </message>
  <message>
   <source>Transcription</source>
   <translation>Transkription</translation>
  </message>
  <message>
   <source>Automatic (fastest available)</source>
   <translation>Automatisch (das schnellste Gerät)</translation>
  </message>
  <message>
   <source>CPU</source>
   <translation>CPU</translation>
  </message>
  <message>
   <source>Com&amp;pute on</source>
   <translation>&amp;Rechnen auf</translation>
  </message>
  <message>
   <source>Onset threshold</source>
   <translation>Einsatzschwelle</translation>
  </message>
  <message>
   <source>Frame threshold</source>
   <translation>Halteschwelle</translation>
  </message>
  <message>
   <source>recommended value</source>
   <translation>empfohlener Wert</translation>
  </message>
  <message>
   <source> ms</source>
   <translation> ms</translation>
  </message>
  <message>
   <source>Minimum length</source>
   <translation>Mindestlänge</translation>
  </message>
  <message>
   <source>&amp;Onset threshold</source>
   <translation>&amp;Einsatzschwelle</translation>
  </message>
  <message>
   <source>&amp;Frame threshold</source>
   <translation>&amp;Halteschwelle</translation>
  </message>
  <message>
   <source>Minimum &amp;length</source>
   <translation>Mindest&amp;länge</translation>
  </message>
  <message>
   <source> %</source>
   <translation> %</translation>
  </message>
  <message>
   <source>Appearance</source>
   <translation>Darstellung</translation>
  </message>
  <message>
   <source>&amp;Colours of the window</source>
   <translation>&amp;Farben des Fensters</translation>
  </message>
  <message>
   <source>Colour &amp;notes by</source>
   <translation>Farbe der &amp;Noten nach</translation>
  </message>
  <message>
   <source>S&amp;how candidate notes</source>
   <translation>&amp;Kandidaten zeigen</translation>
  </message>
  <message>
   <source>MIDI</source>
   <translation>MIDI</translation>
  </message>
  <message>
   <source>Which note number each drum has in exported MIDI files</source>
   <translation>Welche Notennummer in geschriebenen MIDI-Dateien für welche Trommel steht</translation>
  </message>
  <message>
   <source>Drum note nu&amp;mbers</source>
   <translation>Nu&amp;mmern des Schlagzeugs</translation>
  </message>
  <message>
   <source>Playback</source>
   <translation>Wiedergabe</translation>
  </message>
  <message>
   <source>Choose a &amp;SoundFont…</source>
   <translation>&amp;SoundFont wählen…</translation>
  </message>
  <message>
   <source>&amp;Built-in instruments</source>
   <translation>Eingebaute &amp;Instrumente</translation>
  </message>
  <message>
   <source>Notes are played by</source>
   <translation>Noten spielt</translation>
  </message>
  <message>
   <source>Choose the folder for &amp;takes…</source>
   <translation>Ordner für &amp;Takes wählen…</translation>
  </message>
  <message>
   <source>&amp;Default folder</source>
   <translation>&amp;Standardordner</translation>
  </message>
  <message>
   <source>Save takes in</source>
   <translation>Takes speichern in</translation>
  </message>
  <message>
   <source>Program</source>
   <translation>Programm</translation>
  </message>
  <message>
   <source>Open files in the existing &amp;window</source>
   <translation>Dateien im &amp;vorhandenen Fenster öffnen</translation>
  </message>
  <message>
   <source>Follow system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <source>&amp;Language</source>
   <translation>Sp&amp;rache</translation>
  </message>
  <message>
   <source>The language changes the next time the program starts.</source>
   <translation>Die Sprache wechselt beim nächsten Start des Programms.</translation>
  </message>
  <message>
   <source>Clear &amp;recent files</source>
   <translation>&amp;Zuletzt geöffnete vergessen</translation>
  </message>
  <message>
   <source>Folder for takes</source>
   <translation>Wohin Takes kommen</translation>
  </message>
  <message>
   <source>SoundFont for playback</source>
   <translation>SoundFont für die Wiedergabe</translation>
  </message>
  <message>
   <source>SoundFonts (*.sf2 *.sf3 *.SF2 *.SF3);;All files (*)</source>
   <translation>SoundFonts (*.sf2 *.sf3 *.SF2 *.SF3);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Applies to recordings opened from now on.</source>
   <translation>Gilt für Aufnahmen, die von nun an geöffnet werden.</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>Velocity</source>
   <translation>Anschlagstärke</translation>
  </message>
  <message>
   <source>Confidence</source>
   <translation>Sicherheit</translation>
  </message>
  <message>
   <source>Track</source>
   <translation>Spur</translation>
  </message>
  <message>
   <source>Built-in instruments</source>
   <translation>Eingebaute Instrumente</translation>
  </message>
  <message>
   <source>Keyboard Shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>New key</source>
   <translation>Neue Taste</translation>
  </message>
  <message>
   <source>&amp;Set</source>
   <translation>&amp;Festlegen</translation>
  </message>
  <message>
   <source>&amp;No key</source>
   <translation>&amp;Keine Taste</translation>
  </message>
  <message>
   <source>&amp;Default</source>
   <translation>&amp;Standardtaste</translation>
  </message>
  <message>
   <source>Restore &amp;all</source>
   <translation>&amp;Alle zurücksetzen</translation>
  </message>
  <message>
   <source>Command</source>
   <translation>Befehl</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>First click the field and press the new key.</source>
   <translation>Klicken Sie auf das Feld und drücken Sie zuerst die neue Taste.</translation>
  </message>
  <message>
   <source>“{command}” already has this key. Give that command another key first.</source>
   <translation>Diese Taste gehört schon zu „{command}“. Geben Sie jenem Befehl zuerst eine andere.</translation>
  </message>
  <message>
   <source>About this project</source>
   <translation>Zu diesem Projekt</translation>
  </message>
  <message>
   <source>Progress of the transcription</source>
   <translation>Fortschritt der Transkription</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>What is under the pointer</source>
   <translation>Was unter dem Zeiger ist</translation>
  </message>
  <message>
   <source>{models}, chosen for {instruments}</source>
   <translation>{models}, gewählt wegen {instruments}</translation>
  </message>
  <message>
   <source>Wheel: scroll · Ctrl+wheel: zoom · middle drag: move the view · F: fit · double-click: add a note · N: next doubtful note</source>
   <translation>Mausrad: scrollen · Strg+Mausrad: zoomen · mit der mittleren Taste ziehen: Ansicht verschieben · F: alles zeigen · Doppelklick: Note hinzufügen · N: nächste zweifelhafte Note</translation>
  </message>
  <message>
   <source>hit</source>
   <translation>Schlag</translation>
  </message>
  <message>
   <source>note</source>
   <translation>Note</translation>
  </message>
  <message>
   <source>candidate</source>
   <translation>Kandidat</translation>
  </message>
  <message>
   <source>{kind} at {onset} s, velocity {velocity}, confidence {sure} %</source>
   <translation>{kind} bei {onset} s, Anschlagstärke {velocity}, Sicherheit {sure} %</translation>
  </message>
  <message>
   <source>{kind} {onset} to {offset} s, velocity {velocity}, confidence {sure} %</source>
   <translation>{kind} {onset} bis {offset} s, Anschlagstärke {velocity}, Sicherheit {sure} %</translation>
  </message>
  <message>
   <source>bend {lowest} to {highest} cents, {here} here</source>
   <translation>Bending {lowest} bis {highest} Cent, hier {here}</translation>
  </message>
  <message>
   <source>Waiting for earlier recordings</source>
   <translation>Wartet auf frühere Aufnahmen</translation>
  </message>
  <message>
   <source>Paused before starting</source>
   <translation>Vor dem Beginn angehalten</translation>
  </message>
  <message>
   <source>Cancelled: transcription incomplete</source>
   <translation>Abgebrochen: Transkription unvollständig</translation>
  </message>
  <message>
   <source>transcribed as: {models}</source>
   <translation>transkribiert als: {models}</translation>
  </message>
  <message>
   <source>transcribed with “{profile}”</source>
   <translation>transkribiert mit „{profile}“</translation>
  </message>
  <message>
   <source>last transcribed: {begin} to {end}</source>
   <translation>zuletzt transkribiert: {begin} bis {end}</translation>
  </message>
  <message>
   <source>mono</source>
   <translation>mono</translation>
  </message>
  <message>
   <source>stereo</source>
   <translation>stereo</translation>
  </message>
  <message>
   <source>{count} channels</source>
   <translation>{count} Kanäle</translation>
  </message>
  <message>
   <source>Transcribing</source>
   <translation>Wird transkribiert</translation>
  </message>
  <message>
   <source>Loading the model</source>
   <translation>Das Modell wird geladen</translation>
  </message>
  <message>
   <source>Table of Notes</source>
   <translation>Notentabelle</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>&amp;Rückgängig</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>&amp;Wiederholen</translation>
  </message>
  <message>
   <source>Select &amp;All</source>
   <translation>&amp;Alles auswählen</translation>
  </message>
  <message>
   <source>Dese&amp;lect</source>
   <translation>Aus&amp;wahl aufheben</translation>
  </message>
  <message>
   <source>Mark the &amp;Time of the Selected Notes</source>
   <translation>&amp;Zeit der ausgewählten Noten markieren</translation>
  </message>
  <message>
   <source>Add a Note for the &amp;Marked Time</source>
   <translation>Note für die &amp;markierte Zeit hinzufügen</translation>
  </message>
  <message>
   <source>&amp;Pitch, Time and Velocity</source>
   <translation>&amp;Tonhöhe, Zeit und Anschlagstärke</translation>
  </message>
  <message>
   <source>&amp;Bend</source>
   <translation>&amp;Bending</translation>
  </message>
  <message>
   <source>Hand and V&amp;oice in the Score</source>
   <translation>Hand und S&amp;timme in der Partitur</translation>
  </message>
  <message>
   <source>Move to &amp;Track</source>
   <translation>In &amp;Spur verschieben</translation>
  </message>
  <message>
   <source>&amp;New Track</source>
   <translation>&amp;Neue Spur</translation>
  </message>
  <message>
   <source>&amp;Next Doubtful Note</source>
   <translation>&amp;Nächste zweifelhafte Note</translation>
  </message>
  <message>
   <source>Pre&amp;vious Doubtful Note</source>
   <translation>&amp;Vorige zweifelhafte Note</translation>
  </message>
  <message>
   <source>Acc&amp;ept the Marked Passage</source>
   <translation>Markierte &amp;Passage bestätigen</translation>
  </message>
  <message>
   <source>&amp;Withdraw Acceptance of the Marked Passage</source>
   <translation>Bestätigung der markierten Passage &amp;zurücknehmen</translation>
  </message>
  <message>
   <source>&amp;Delete</source>
   <translation>&amp;Löschen</translation>
  </message>
  <message>
   <source>&amp;Split at the Pointer</source>
   <translation>Am Zeiger &amp;teilen</translation>
  </message>
  <message>
   <source>&amp;Merge</source>
   <translation>&amp;Verbinden</translation>
  </message>
  <message>
   <source>&amp;Octave Up</source>
   <translation>&amp;Oktave höher</translation>
  </message>
  <message>
   <source>O&amp;ctave Down</source>
   <translation>O&amp;ktave tiefer</translation>
  </message>
  <message>
   <source>&amp;Semitone Up</source>
   <translation>&amp;Halbton höher</translation>
  </message>
  <message>
   <source>S&amp;emitone Down</source>
   <translation>Ha&amp;lbton tiefer</translation>
  </message>
  <message>
   <source>Ea&amp;rlier</source>
   <translation>&amp;Früher</translation>
  </message>
  <message>
   <source>&amp;Later</source>
   <translation>&amp;Später</translation>
  </message>
  <message>
   <source>S&amp;horter</source>
   <translation>&amp;Kürzer</translation>
  </message>
  <message>
   <source>Lo&amp;nger</source>
   <translation>Län&amp;ger</translation>
  </message>
  <message>
   <source>Lo&amp;uder</source>
   <translation>Lau&amp;ter</translation>
  </message>
  <message>
   <source>So&amp;fter</source>
   <translation>L&amp;eiser</translation>
  </message>
  <message>
   <source>&amp;Right Hand</source>
   <translation>&amp;Rechte Hand</translation>
  </message>
  <message>
   <source>Right Hand</source>
   <translation>Rechte Hand</translation>
  </message>
  <message>
   <source>&amp;Left Hand</source>
   <translation>&amp;Linke Hand</translation>
  </message>
  <message>
   <source>Left Hand</source>
   <translation>Linke Hand</translation>
  </message>
  <message>
   <source>&amp;Upper Voice</source>
   <translation>&amp;Obere Stimme</translation>
  </message>
  <message>
   <source>Upper Voice</source>
   <translation>Obere Stimme</translation>
  </message>
  <message>
   <source>Lo&amp;wer Voice</source>
   <translation>&amp;Untere Stimme</translation>
  </message>
  <message>
   <source>Lower Voice</source>
   <translation>Untere Stimme</translation>
  </message>
  <message>
   <source>As &amp;Found by the Program</source>
   <translation>Wie das Programm sie &amp;findet</translation>
  </message>
  <message>
   <source>Hand and Voice as Found</source>
   <translation>Hand und Stimme wie gefunden</translation>
  </message>
  <message>
   <source>&amp;Flatten</source>
   <translation>&amp;Glätten</translation>
  </message>
  <message>
   <source>Hi&amp;gher by 10 Cents</source>
   <translation>Um 10 Cent &amp;höher</translation>
  </message>
  <message>
   <source>&amp;Lower by 10 Cents</source>
   <translation>Um 10 Cent &amp;tiefer</translation>
  </message>
  <message>
   <source>&amp;Deeper</source>
   <translation>&amp;Stärker</translation>
  </message>
  <message>
   <source>&amp;Shallower</source>
   <translation>S&amp;chwächer</translation>
  </message>
  <message>
   <source>A&amp;ccept</source>
   <translation>Be&amp;stätigen</translation>
  </message>
  <message>
   <source>Tool: Mo&amp;ve the View</source>
   <translation>Werkzeug: Ansicht &amp;verschieben</translation>
  </message>
  <message>
   <source>Tool: &amp;Edit</source>
   <translation>Werkzeug: &amp;Bearbeiten</translation>
  </message>
  <message>
   <source>Tool: &amp;Draw Notes</source>
   <translation>Werkzeug: Noten &amp;zeichnen</translation>
  </message>
  <message>
   <source>Tool: &amp;Bend Notes</source>
   <translation>Werkzeug: Noten &amp;ziehen (Bending)</translation>
  </message>
  <message>
   <source>“{text}” is not a valid offset. Type seconds, such as 1.25.</source>
   <translation>„{text}“ ist kein gültiges Ende. Geben Sie Sekunden ein, etwa 1.25.</translation>
  </message>
  <message>
   <source>Table of notes</source>
   <translation>Notentabelle</translation>
  </message>
  <message>
   <source>Onset (s)</source>
   <translation>Einsatz (s)</translation>
  </message>
  <message>
   <source>Offset (s)</source>
   <translation>Ende (s)</translation>
  </message>
  <message>
   <source>Pitch</source>
   <translation>Tonhöhe</translation>
  </message>
  <message>
   <source>Bend (cents)</source>
   <translation>Bending (Cent)</translation>
  </message>
  <message>
   <source>found</source>
   <translation>gefunden</translation>
  </message>
  <message>
   <source>accepted</source>
   <translation>bestätigt</translation>
  </message>
  <message>
   <source>edited</source>
   <translation>bearbeitet</translation>
  </message>
  <message>
   <source>rejected</source>
   <translation>verworfen</translation>
  </message>
  <message>
   <source>deleted with its track</source>
   <translation>mit der Spur gelöscht</translation>
  </message>
  <message>
   <source>“{text}” is not a valid pitch. Type a name such as F♯3, or 0 to 127.</source>
   <translation>„{text}“ ist keine gültige Tonhöhe. Geben Sie einen Namen wie F♯3 oder 0 bis 127 ein.</translation>
  </message>
  <message>
   <source>“{text}” is not a valid velocity. Type a number from 1 to 127.</source>
   <translation>„{text}“ ist keine gültige Anschlagstärke. Geben Sie eine Zahl von 1 bis 127 ein.</translation>
  </message>
  <message>
   <source>“{text}” is not a valid onset. Type seconds, such as 1.25.</source>
   <translation>„{text}“ ist kein gültiger Einsatz. Geben Sie Sekunden ein, etwa 1.25.</translation>
  </message>
  <message>
   <source>Candidate</source>
   <translation>Kandidat</translation>
  </message>
  <message>
   <source>No doubtful drum hit before this one.</source>
   <translation>Kein zweifelhafter Schlag vor diesem.</translation>
  </message>
  <message>
   <source>No doubtful drum hit after this one.</source>
   <translation>Kein zweifelhafter Schlag nach diesem.</translation>
  </message>
  <message>
   <source>No doubtful note before this one.</source>
   <translation>Keine zweifelhafte Note vor dieser.</translation>
  </message>
  <message>
   <source>No doubtful note after this one.</source>
   <translation>Keine zweifelhafte Note nach dieser.</translation>
  </message>
  <message>
   <source>Select notes first.</source>
   <translation>Wählen Sie zuerst Noten aus.</translation>
  </message>
  <message>
   <source>Mark the time of the note first, along the ruler.</source>
   <translation>Markieren Sie zuerst die Zeit der Note auf dem Lineal.</translation>
  </message>
  <message>
   <source>track</source>
   <translation>Spur</translation>
  </message>
  <message>
   <source>Hit</source>
   <translation>Schlag</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <source>Mark the time of the passage first, along the ruler.</source>
   <translation>Markieren Sie zuerst die Zeit der Passage auf dem Lineal.</translation>
  </message>
  <message>
   <source>The notes can be edited once they are transcribed.</source>
   <translation>Die Noten lassen sich bearbeiten, sobald sie transkribiert sind.</translation>
  </message>
  <message>
   <source>A note needs a pitch from C-1 to G9 and a length.</source>
   <translation>Eine Note braucht eine Tonhöhe von C-1 bis G9 und eine Länge.</translation>
  </message>
  <message>
   <source>Drums have no octaves: Up and Down move a hit to another drum.</source>
   <translation>Schlagzeug hat keine Oktaven: Die Pfeiltasten auf und ab führen zu einer anderen Trommel.</translation>
  </message>
  <message>
   <source>{kind} {pitch} at {time}, {sure} % sure. Y: keep it, Delete: remove it</source>
   <translation>{kind} {pitch} bei {time}, {sure} % sicher. Y: richtig, Entf: falsch</translation>
  </message>
  <message>
   <source>Accepted {begin} to {end}.</source>
   <translation>{begin} bis {end} bestätigt.</translation>
  </message>
  <message>
   <source>Drop a recording here</source>
   <translation>Aufnahme hierher ziehen</translation>
  </message>
  <message>
   <source>wav, mp3, m4a, flac, ogg … or a video, or a whole folder.
It becomes MIDI on this computer; nothing leaves it.</source>
   <translation>wav, mp3, m4a, flac, ogg … oder ein Video oder ein ganzer Ordner.
Daraus wird MIDI auf diesem Rechner; nichts verlässt ihn.</translation>
  </message>
  <message>
   <source>Open…</source>
   <translation>Öffnen…</translation>
  </message>
  <message>
   <source>Record…</source>
   <translation>Aufnehmen…</translation>
  </message>
  <message>
   <source>Play, and see the notes as you go</source>
   <translation>Spielen und dabei die Noten sehen</translation>
  </message>
  <message>
   <source>Look again</source>
   <translation>Erneut suchen</translation>
  </message>
  <message>
   <source>Look for microphones again</source>
   <translation>Erneut nach Mikrofonen suchen</translation>
  </message>
  <message>
   <source>Try the example</source>
   <translation>Beispiel ausprobieren</translation>
  </message>
  <message>
   <source>A bundled half-minute of Schumann</source>
   <translation>Eine halbe Minute Schumann, die mitgeliefert wird</translation>
  </message>
  <message>
   <source>Recent</source>
   <translation>Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>Unsaved work</source>
   <translation>Nicht gespeicherte Arbeit</translation>
  </message>
  <message>
   <source>Drop to transcribe</source>
   <translation>Loslassen zum Transkribieren</translation>
  </message>
  <message>
   <source>Show logs</source>
   <translation>Protokolle zeigen</translation>
  </message>
  <message>
   <source>Export All</source>
   <translation>Alle exportieren</translation>
  </message>
  <message>
   <source>&amp;Choose…</source>
   <translation>&amp;Wählen…</translation>
  </message>
  <message>
   <source>{name} stands for the name of the recording, {number} for its place in the list</source>
   <translation>{name} steht für den Namen der Aufnahme, {number} für ihren Platz in der Liste</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Exportieren</translation>
  </message>
  <message>
   <source>&amp;Format</source>
   <translation>&amp;Format</translation>
  </message>
  <message>
   <source>F&amp;older</source>
   <translation>&amp;Ordner</translation>
  </message>
  <message>
   <source>&amp;Names</source>
   <translation>&amp;Namen</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>This folder does not exist. Choose another one.</source>
   <translation>Diesen Ordner gibt es nicht. Wählen Sie einen anderen.</translation>
  </message>
  <message>
   <source>The files need a name, such as {name}.</source>
   <translation>Die Dateien brauchen einen Namen, etwa {name}.</translation>
  </message>
  <message>
   <source>Folder for the files</source>
   <translation>Ordner für die Dateien</translation>
  </message>
  <message>
   <source>A name cannot contain these characters: {characters}</source>
   <translation>Ein Name darf diese Zeichen nicht enthalten: {characters}</translation>
  </message>
  <message>
   <source>Exporting {name}</source>
   <translation>{name} wird exportiert</translation>
  </message>
  <message>
   <source>Export A&amp;ll…</source>
   <translation>A&amp;lle exportieren…</translation>
  </message>
  <message>
   <source>&amp;Sound of the Notes…</source>
   <translation>&amp;Klang der Noten…</translation>
  </message>
  <message>
   <source>&amp;Picture of the View…</source>
   <translation>&amp;Bild der Ansicht…</translation>
  </message>
  <message>
   <source>A &amp;File for Each Track</source>
   <translation>Eine &amp;Datei je Spur</translation>
  </message>
  <message>
   <source>&amp;Selection…</source>
   <translation>&amp;Auswahl…</translation>
  </message>
  <message>
   <source>Export Selection</source>
   <translation>Auswahl exportieren</translation>
  </message>
  <message>
   <source>&amp;Bars and Tempo in MIDI</source>
   <translation>&amp;Takte und Tempo in MIDI</translation>
  </message>
  <message>
   <source>If unticked, MIDI files have a fixed tempo of 120 beats per minute</source>
   <translation>Sonst hat MIDI feste 120 Schläge pro Minute</translation>
  </message>
  <message>
   <source>Pitch Be&amp;nds in MIDI</source>
   <translation>B&amp;endings in MIDI</translation>
  </message>
  <message>
   <source>If unticked, no note in MIDI files bends, and each track has one channel</source>
   <translation>Sonst haben Noten in MIDI kein Bending, und jede Spur hat einen Kanal</translation>
  </message>
  <message>
   <source>Also the E&amp;nds of Notes</source>
   <translation>Auch die E&amp;nden der Noten</translation>
  </message>
  <message>
   <source>If unticked, each note keeps the length it was played</source>
   <translation>Ohne Häkchen behält jede Note die Länge, in der sie gespielt wurde</translation>
  </message>
  <message>
   <source>&amp;Export</source>
   <translation>&amp;Exportieren</translation>
  </message>
  <message>
   <source>&amp;Quantize MIDI</source>
   <translation>MIDI &amp;quantisieren</translation>
  </message>
  <message>
   <source>&amp;Off: As It Was Played</source>
   <translation>&amp;Aus: wie gespielt</translation>
  </message>
  <message>
   <source>&amp;Halfway to the Grid</source>
   <translation>&amp;Halb zum Raster</translation>
  </message>
  <message>
   <source>&amp;Most of the Way</source>
   <translation>&amp;Weitgehend</translation>
  </message>
  <message>
   <source>&amp;Exactly on the Grid</source>
   <translation>&amp;Genau auf dem Raster</translation>
  </message>
  <message>
   <source>Export MIDI…</source>
   <translation>MIDI exportieren…</translation>
  </message>
  <message>
   <source>Export All…</source>
   <translation>Alle exportieren…</translation>
  </message>
  <message>
   <source>Export {format}</source>
   <translation>{format} exportieren</translation>
  </message>
  <message>
   <source>Export {format}, a file for each track</source>
   <translation>{format} exportieren, eine Datei je Spur</translation>
  </message>
  <message>
   <source>{format}…</source>
   <translation>{format}…</translation>
  </message>
  <message>
   <source>Export the Selection</source>
   <translation>Auswahl exportieren</translation>
  </message>
  <message>
   <source>&amp;Times count from the start of the selection</source>
   <translation>&amp;Zeiten ab dem Beginn der Auswahl zählen</translation>
  </message>
  <message>
   <source>If unticked, from the start of the recording, so that both stay aligned</source>
   <translation>Sonst ab dem Beginn der Aufnahme, damit beide übereinander liegen</translation>
  </message>
  <message>
   <source>Only the &amp;selected notes</source>
   <translation>Nur die &amp;ausgewählten Noten</translation>
  </message>
  <message>
   <source>{notes}, {begin} to {end}</source>
   <translation>{notes}, {begin} bis {end}</translation>
  </message>
  <message>
   <source>{name} (notes)</source>
   <translation>{name} (Noten)</translation>
  </message>
  <message>
   <source>Rendering the notes to {name}</source>
   <translation>Die Noten werden als {name} geschrieben</translation>
  </message>
  <message>
   <source>Choose another name.</source>
   <translation>Wählen Sie einen anderen Namen.</translation>
  </message>
  <message>
   <source>{name} is the recording itself.</source>
   <translation>{name} ist die Aufnahme selbst.</translation>
  </message>
  <message>
   <source>{name} already exists. Replace it?</source>
   <translation>{name} gibt es schon. Ersetzen?</translation>
  </message>
  <message>
   <source>There are no notes to export.</source>
   <translation>Es gibt keine Noten zum Exportieren.</translation>
  </message>
  <message>
   <source>Replace them?</source>
   <translation>Alle ersetzen?</translation>
  </message>
  <message>
   <source>A lower onset threshold finds more notes.</source>
   <translation>Mit einer niedrigeren Einsatzschwelle werden mehr Noten gefunden.</translation>
  </message>
  <message>
   <source>Copy the details and report them.</source>
   <translation>Kopieren Sie die Einzelheiten und melden Sie sie.</translation>
  </message>
  <message>
   <source>There is not enough memory.</source>
   <translation>Der Arbeitsspeicher reicht nicht.</translation>
  </message>
  <message>
   <source>Close other programs, or transcribe a part of the recording.</source>
   <translation>Schließen Sie andere Programme, oder transkribieren Sie einen Teil der Aufnahme.</translation>
  </message>
  <message>
   <source>Check the file and try again.</source>
   <translation>Prüfen Sie die Datei und versuchen Sie es noch einmal.</translation>
  </message>
  <message>
   <source>Unexpected {name}: a bug in this program.</source>
   <translation>Unerwarteter {name}: ein Fehler dieses Programms.</translation>
  </message>
  <message>
   <source>Turns recordings of music into MIDI on your own machine. No account, no network: nothing you open leaves it. MIT licence.</source>
   <translation>Macht auf Ihrem eigenen Rechner aus Musikaufnahmen MIDI. Kein Konto, kein Netz: Nichts, was Sie öffnen, verlässt ihn. MIT-Lizenz.</translation>
  </message>
  <message>
   <source>Keyboard and Mouse</source>
   <translation>Tastatur und Maus</translation>
  </message>
  <message>
   <source>About AMT Studio</source>
   <translation>Über AMT Studio</translation>
  </message>
  <message>
   <source>About</source>
   <translation>Über</translation>
  </message>
  <message>
   <source>Licences</source>
   <translation>Lizenzen</translation>
  </message>
  <message>
   <source>Wheel</source>
   <translation>Mausrad</translation>
  </message>
  <message>
   <source>scroll in time</source>
   <translation>in der Zeit scrollen</translation>
  </message>
  <message>
   <source>Shift + wheel</source>
   <translation>Umschalt + Mausrad</translation>
  </message>
  <message>
   <source>scroll in pitch</source>
   <translation>in der Tonhöhe scrollen</translation>
  </message>
  <message>
   <source>Ctrl + wheel</source>
   <translation>Strg + Mausrad</translation>
  </message>
  <message>
   <source>zoom in time at the pointer</source>
   <translation>in der Zeit zoomen, am Zeiger</translation>
  </message>
  <message>
   <source>Ctrl + Shift + wheel</source>
   <translation>Strg + Umschalt + Mausrad</translation>
  </message>
  <message>
   <source>zoom in pitch at the pointer</source>
   <translation>in der Tonhöhe zoomen, am Zeiger</translation>
  </message>
  <message>
   <source>Drag, middle button</source>
   <translation>Ziehen mit der mittleren Taste</translation>
  </message>
  <message>
   <source>move the view</source>
   <translation>Ansicht verschieben</translation>
  </message>
  <message>
   <source>Click, Ctrl + click, drag a box</source>
   <translation>Klick, Strg + Klick, Rahmen ziehen</translation>
  </message>
  <message>
   <source>select notes</source>
   <translation>Noten auswählen</translation>
  </message>
  <message>
   <source>Drag a note, or one of its ends</source>
   <translation>Note oder eines ihrer Enden ziehen</translation>
  </message>
  <message>
   <source>move it, or make it longer</source>
   <translation>verschieben oder verlängern</translation>
  </message>
  <message>
   <source>Double-click where there is no note</source>
   <translation>Doppelklick, wo keine Note ist</translation>
  </message>
  <message>
   <source>add a note, or a drum hit</source>
   <translation>Note oder Schlag hinzufügen</translation>
  </message>
  <message>
   <source>Drag a drum hit</source>
   <translation>Schlag auf dem Schlagzeug ziehen</translation>
  </message>
  <message>
   <source>move it in time, or to another drum</source>
   <translation>verschieben oder einer anderen Trommel geben</translation>
  </message>
  <message>
   <source>Up and Down, notes selected</source>
   <translation>Pfeil auf und Pfeil ab, mit ausgewählten Noten</translation>
  </message>
  <message>
   <source>a semitone up or down; for drum hits, to the drum above or below</source>
   <translation>einen Halbton höher oder tiefer; bei Schlägen die Trommel darüber oder darunter</translation>
  </message>
  <message>
   <source>Alt + wheel</source>
   <translation>Alt + Mausrad</translation>
  </message>
  <message>
   <source>velocity of the selected notes</source>
   <translation>Anschlagstärke der ausgewählten Noten</translation>
  </message>
  <message>
   <source>With the tool “Bend Notes”: drag a note</source>
   <translation>Mit dem Bending-Werkzeug: Note ziehen</translation>
  </message>
  <message>
   <source>shift its bend, and those of all other selected notes</source>
   <translation>ihr Bending verschieben, mit dem aller ausgewählten Noten</translation>
  </message>
  <message>
   <source>With that tool: drag a point, double-click</source>
   <translation>Mit diesem Werkzeug: Punkt ziehen, Doppelklick</translation>
  </message>
  <message>
   <source>shape the bend; add or remove a point</source>
   <translation>Bending formen; Punkt hinzufügen oder entfernen</translation>
  </message>
  <message>
   <source>Drag a velocity, or along the lane</source>
   <translation>Anschlagstärke ziehen, oder an der Zeile entlang</translation>
  </message>
  <message>
   <source>louder or softer</source>
   <translation>lauter oder leiser</translation>
  </message>
  <message>
   <source>Drag in the pedal lane</source>
   <translation>In der Pedalzeile ziehen</translation>
  </message>
  <message>
   <source>press the pedal, or change a press</source>
   <translation>Pedal treten oder einen Pedaltritt ändern</translation>
  </message>
  <message>
   <source>Drag along the ruler</source>
   <translation>Auf dem Lineal ziehen</translation>
  </message>
  <message>
   <source>mark a stretch of time</source>
   <translation>eine Zeitspanne markieren</translation>
  </message>
  <message>
   <source>Shift + drag in the overview</source>
   <translation>Umschalt + Ziehen in der Übersicht</translation>
  </message>
  <message>
   <source>Drag in the overview</source>
   <translation>In der Übersicht ziehen</translation>
  </message>
  <message>
   <source>move the view there</source>
   <translation>Ansicht dorthin bewegen</translation>
  </message>
  <message>
   <source>Click in the ruler or the overview</source>
   <translation>Klick auf das Lineal oder die Übersicht</translation>
  </message>
  <message>
   <source>play from there</source>
   <translation>von dort wiedergeben</translation>
  </message>
  <message>
   <source>Click a note, or a key or drum at the side</source>
   <translation>Klick auf eine Note, oder am Rand auf eine Taste oder Trommel</translation>
  </message>
  <message>
   <source>hear it</source>
   <translation>anhören</translation>
  </message>
  <message>
   <source>Drag a row of the list</source>
   <translation>Zeile der Liste ziehen</translation>
  </message>
  <message>
   <source>transcribe it earlier or later</source>
   <translation>früher oder später transkribieren</translation>
  </message>
  <message>
   <source>Drag “Drag MIDI”</source>
   <translation>Schaltfläche „MIDI ziehen“ ziehen</translation>
  </message>
  <message>
   <source>drag the MIDI file into another program</source>
   <translation>die MIDI-Datei in ein anderes Programm ziehen</translation>
  </message>
  <message>
   <source>Drag a track from its row</source>
   <translation>Eine Spur aus ihrer Zeile ziehen</translation>
  </message>
  <message>
   <source>drag it alone, as a MIDI file</source>
   <translation>sie allein als MIDI-Datei herausziehen</translation>
  </message>
  <message>
   <source>Enter</source>
   <translation>Eingabetaste</translation>
  </message>
  <message>
   <source>show the recording</source>
   <translation>die Aufnahme zeigen</translation>
  </message>
  <message>
   <source>Up, Down</source>
   <translation>Pfeil auf, Pfeil ab</translation>
  </message>
  <message>
   <source>to the previous or next row</source>
   <translation>zur vorigen Zeile, zur nächsten</translation>
  </message>
  <message>
   <source>Alt + Up, Alt + Down</source>
   <translation>Alt + Pfeil auf, Alt + Pfeil ab</translation>
  </message>
  <message>
   <source>transcribe it earlier, later</source>
   <translation>früher, später transkribieren</translation>
  </message>
  <message>
   <source>cancel it, or remove it from the list</source>
   <translation>abbrechen oder von der Liste nehmen</translation>
  </message>
  <message>
   <source>Tab</source>
   <translation>Tab</translation>
  </message>
  <message>
   <source>to the buttons of the row</source>
   <translation>zu den Schaltflächen der Zeile</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Logs</source>
   <translation>Protokolle</translation>
  </message>
  <message>
   <source>System</source>
   <translation>System</translation>
  </message>
  <message>
   <source>Mouse</source>
   <translation>Maus</translation>
  </message>
  <message>
   <source>In the list of recordings</source>
   <translation>In der Liste der Aufnahmen</translation>
  </message>
  <message>
   <source>&amp;Guide</source>
   <translation>&amp;Anleitung</translation>
  </message>
  <message>
   <source>&amp;Keyboard and Mouse</source>
   <translation>&amp;Tastatur und Maus</translation>
  </message>
  <message>
   <source>&amp;Report a Problem…</source>
   <translation>&amp;Problem melden…</translation>
  </message>
  <message>
   <source>Show &amp;Logs</source>
   <translation>Proto&amp;kolle zeigen</translation>
  </message>
  <message>
   <source>&amp;About AMT Studio</source>
   <translation>Ü&amp;ber AMT Studio</translation>
  </message>
  <message>
   <source>Guide</source>
   <translation>Anleitung</translation>
  </message>
  <message>
   <source>Report a Problem</source>
   <translation>Problem melden</translation>
  </message>
  <message>
   <source>Say what you did, what happened and what you expected, and include the text below. It is only copied: nothing is sent. It may contain names of your files and folders; take out what you do not want to show.</source>
   <translation>Beschreiben Sie, was Sie taten, was geschah und was Sie erwarteten, und fügen Sie den Text unten hinzu. Er wird nur kopiert: Gesendet wird nichts. Namen Ihrer Dateien und Ordner können darin stehen; löschen Sie, was Sie nicht zeigen möchten.</translation>
  </message>
  <message>
   <source>Text to copy</source>
   <translation>Text zum Kopieren</translation>
  </message>
  <message>
   <source>&amp;Copy</source>
   <translation>&amp;Kopieren</translation>
  </message>
  <message>
   <source>Show &amp;logs</source>
   <translation>&amp;Protokolle zeigen</translation>
  </message>
  <message>
   <source>Transcribe for These Instruments</source>
   <translation>Für diese Instrumente transkribieren</translation>
  </message>
  <message>
   <source>With the models that suit them. What you corrected stays.</source>
   <translation>Mit den Modellen, die zu ihnen passen. Was korrigiert wurde, bleibt.</translation>
  </message>
  <message>
   <source>Close the hint</source>
   <translation>Hinweis schließen</translation>
  </message>
  <message>
   <source>This recording seems to be mostly {names}. The notes come from a model that was made for the piano, so many of them may be wrong.</source>
   <translation>Diese Aufnahme scheint überwiegend {names} zu enthalten. Die Noten stammen von einem Modell, das für das Klavier gemacht ist; viele können daher falsch sein.</translation>
  </message>
  <message>
   <source>Drum kit</source>
   <translation>Schlagzeug</translation>
  </message>
  <message>
   <source>&amp;Instruments Above the Notes</source>
   <translation>&amp;Instrumente über den Noten</translation>
  </message>
  <message>
   <source>Instruments</source>
   <translation>Instrumente</translation>
  </message>
  <message>
   <source>&amp;Next Passage of This Instrument</source>
   <translation>&amp;Nächste Passage dieses Instruments</translation>
  </message>
  <message>
   <source>Pre&amp;vious Passage of This Instrument</source>
   <translation>&amp;Vorige Passage dieses Instruments</translation>
  </message>
  <message>
   <source>Listening for instruments…</source>
   <translation>Instrumente werden gesucht…</translation>
  </message>
  <message>
   <source>Available after transcription.</source>
   <translation>Nach der Transkription verfügbar.</translation>
  </message>
  <message>
   <source>Previous passage</source>
   <translation>Vorige Passage</translation>
  </message>
  <message>
   <source>Next passage</source>
   <translation>Nächste Passage</translation>
  </message>
  <message>
   <source>Go to where this instrument was last heard</source>
   <translation>Dorthin gehen, wo dieses Instrument zuletzt zu hören war</translation>
  </message>
  <message>
   <source>Go to where this instrument is heard next</source>
   <translation>Dorthin gehen, wo dieses Instrument als Nächstes zu hören ist</translation>
  </message>
  <message>
   <source>Instruments of the recording</source>
   <translation>Instrumente der Aufnahme</translation>
  </message>
  <message>
   <source>Right-click to mark it as heard or not heard, in the selected time or, if none is selected, in the whole recording</source>
   <translation>Mit Rechtsklick als zu hören oder als nicht zu hören markieren, in der ausgewählten Zeit oder, wenn keine ausgewählt ist, in der ganzen Aufnahme</translation>
  </message>
  <message>
   <source>Instrument</source>
   <translation>Instrument</translation>
  </message>
  <message>
   <source>Sure</source>
   <translation>Sicher</translation>
  </message>
  <message>
   <source>Duration</source>
   <translation>Dauer</translation>
  </message>
  <message>
   <source>No instrument detected reliably.</source>
   <translation>Kein Instrument sicher erkannt.</translation>
  </message>
  <message>
   <source>{name} (marked by you)</source>
   <translation>{name} (von Ihnen markiert)</translation>
  </message>
  <message>
   <source>{score} %</source>
   <translation>{score} %</translation>
  </message>
  <message>
   <source>{score} % sure that it is in this recording</source>
   <translation>Zu {score} % sicher, dass es in dieser Aufnahme ist</translation>
  </message>
  <message>
   <source>&amp;Chosen Instrument</source>
   <translation>&amp;Gewähltes Instrument</translation>
  </message>
  <message>
   <source>Is &amp;Heard Here</source>
   <translation>Ist hier zu &amp;hören</translation>
  </message>
  <message>
   <source>Is &amp;Not Heard Here</source>
   <translation>Ist hier &amp;nicht zu hören</translation>
  </message>
  <message>
   <source>As &amp;Detected</source>
   <translation>Wie &amp;erkannt</translation>
  </message>
  <message>
   <source>You marked {name} as heard in the whole recording.</source>
   <translation>Markiert: {name}, in der ganzen Aufnahme zu hören.</translation>
  </message>
  <message>
   <source>You marked {name} as not heard in the whole recording.</source>
   <translation>Markiert: {name}, in der ganzen Aufnahme nicht zu hören.</translation>
  </message>
  <message>
   <source>You marked {name} as heard from {begin} to {end}.</source>
   <translation>Markiert: {name}, von {begin} bis {end} zu hören.</translation>
  </message>
  <message>
   <source>You marked {name} as not heard from {begin} to {end}.</source>
   <translation>Markiert: {name}, von {begin} bis {end} nicht zu hören.</translation>
  </message>
  <message>
   <source>C♭ major</source>
   <translation>Ces-Dur</translation>
  </message>
  <message>
   <source>G♭ major</source>
   <translation>Ges-Dur</translation>
  </message>
  <message>
   <source>D♭ major</source>
   <translation>Des-Dur</translation>
  </message>
  <message>
   <source>A♭ major</source>
   <translation>As-Dur</translation>
  </message>
  <message>
   <source>E♭ major</source>
   <translation>Es-Dur</translation>
  </message>
  <message>
   <source>B♭ major</source>
   <translation>B-Dur</translation>
  </message>
  <message>
   <source>F major</source>
   <translation>F-Dur</translation>
  </message>
  <message>
   <source>C major</source>
   <translation>C-Dur</translation>
  </message>
  <message>
   <source>G major</source>
   <translation>G-Dur</translation>
  </message>
  <message>
   <source>D major</source>
   <translation>D-Dur</translation>
  </message>
  <message>
   <source>A major</source>
   <translation>A-Dur</translation>
  </message>
  <message>
   <source>E major</source>
   <translation>E-Dur</translation>
  </message>
  <message>
   <source>B major</source>
   <translation>H-Dur</translation>
  </message>
  <message>
   <source>F♯ major</source>
   <translation>Fis-Dur</translation>
  </message>
  <message>
   <source>C♯ major</source>
   <translation>Cis-Dur</translation>
  </message>
  <message>
   <source>A♭ minor</source>
   <translation>as-Moll</translation>
  </message>
  <message>
   <source>E♭ minor</source>
   <translation>es-Moll</translation>
  </message>
  <message>
   <source>B♭ minor</source>
   <translation>b-Moll</translation>
  </message>
  <message>
   <source>F minor</source>
   <translation>f-Moll</translation>
  </message>
  <message>
   <source>C minor</source>
   <translation>c-Moll</translation>
  </message>
  <message>
   <source>G minor</source>
   <translation>g-Moll</translation>
  </message>
  <message>
   <source>D minor</source>
   <translation>d-Moll</translation>
  </message>
  <message>
   <source>A minor</source>
   <translation>a-Moll</translation>
  </message>
  <message>
   <source>E minor</source>
   <translation>e-Moll</translation>
  </message>
  <message>
   <source>B minor</source>
   <translation>h-Moll</translation>
  </message>
  <message>
   <source>F♯ minor</source>
   <translation>fis-Moll</translation>
  </message>
  <message>
   <source>C♯ minor</source>
   <translation>cis-Moll</translation>
  </message>
  <message>
   <source>G♯ minor</source>
   <translation>gis-Moll</translation>
  </message>
  <message>
   <source>D♯ minor</source>
   <translation>dis-Moll</translation>
  </message>
  <message>
   <source>A♯ minor</source>
   <translation>ais-Moll</translation>
  </message>
  <message>
   <source>Automatic: By the Notes</source>
   <translation>Automatisch: nach den Noten</translation>
  </message>
  <message>
   <source>Ma&amp;jor</source>
   <translation>&amp;Dur</translation>
  </message>
  <message>
   <source>Mi&amp;nor</source>
   <translation>&amp;Moll</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>&amp;Datei</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>&amp;Bearbeiten</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>&amp;Ansicht</translation>
  </message>
  <message>
   <source>&amp;Playback</source>
   <translation>&amp;Wiedergabe</translation>
  </message>
  <message>
   <source>&amp;Transcribe</source>
   <translation>&amp;Transkribieren</translation>
  </message>
  <message>
   <source>&amp;Adapt</source>
   <translation>A&amp;npassen</translation>
  </message>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
  <message>
   <source>Drag MIDI</source>
   <translation>MIDI ziehen</translation>
  </message>
  <message>
   <source>Drag this into a DAW or a folder; click to save the file</source>
   <translation>In einen Sequencer oder Ordner ziehen; Klick speichert die Datei</translation>
  </message>
  <message>
   <source>Drag the MIDI file out, or save it</source>
   <translation>Die MIDI-Datei herausziehen oder speichern</translation>
  </message>
  <message>
   <source>The track “{name}” has no notes to drag.</source>
   <translation>Die Spur „{name}“ hat keine Noten, die sich herausziehen lassen.</translation>
  </message>
  <message>
   <source>Automatic</source>
   <translation>Automatisch</translation>
  </message>
  <message>
   <source>Piano</source>
   <translation>Klavier</translation>
  </message>
  <message>
   <source>Piano, careful (slow)</source>
   <translation>Klavier, sorgfältig (langsam)</translation>
  </message>
  <message>
   <source>Any pitched instrument</source>
   <translation>Jedes Melodieinstrument</translation>
  </message>
  <message>
   <source>Unfinished recordings</source>
   <translation>Unfertige Aufnahmen</translation>
  </message>
  <message>
   <source>&amp;Open…</source>
   <translation>&amp;Öffnen…</translation>
  </message>
  <message>
   <source>Open &amp;Folder…</source>
   <translation>&amp;Ordner öffnen…</translation>
  </message>
  <message>
   <source>Open the &amp;Example</source>
   <translation>&amp;Beispiel öffnen</translation>
  </message>
  <message>
   <source>Open &amp;Project…</source>
   <translation>&amp;Projekt öffnen…</translation>
  </message>
  <message>
   <source>&amp;Save</source>
   <translation>&amp;Speichern</translation>
  </message>
  <message>
   <source>Edits are kept as you make them; saving gives the project a name and a place</source>
   <translation>Änderungen werden sofort gesichert; Speichern gibt dem Projekt Namen und Ort</translation>
  </message>
  <message>
   <source>Save &amp;As…</source>
   <translation>Speichern &amp;unter…</translation>
  </message>
  <message>
   <source>Re&amp;vert to Saved</source>
   <translation>Zum &amp;gespeicherten Stand zurückkehren</translation>
  </message>
  <message>
   <source>Go back to the project as it was last saved or opened; Undo brings your edits back</source>
   <translation>Zurück zum Projekt, wie es zuletzt gespeichert oder geöffnet wurde; Rückgängig bringt Ihre Änderungen wieder</translation>
  </message>
  <message>
   <source>Find the Recor&amp;ding…</source>
   <translation>A&amp;ufnahme suchen…</translation>
  </message>
  <message>
   <source>Say where the recording of this project is now</source>
   <translation>Angeben, wo die Aufnahme dieses Projekts jetzt liegt</translation>
  </message>
  <message>
   <source>Limit New Files to the &amp;First 30 Seconds</source>
   <translation>Neue Dateien auf die ersten &amp;30 Sekunden begrenzen</translation>
  </message>
  <message>
   <source>Open &amp;Recent</source>
   <translation>&amp;Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>&amp;Unsaved Projects</source>
   <translation>&amp;Nicht gespeicherte Projekte</translation>
  </message>
  <message>
   <source>Open recordings</source>
   <translation>Aufnahmen öffnen</translation>
  </message>
  <message>
   <source>Open a folder</source>
   <translation>Ordner öffnen</translation>
  </message>
  <message>
   <source>Open a project</source>
   <translation>Projekt öffnen</translation>
  </message>
  <message>
   <source>Recordings ({patterns});;All files (*)</source>
   <translation>Aufnahmen ({patterns});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Projects (*{suffix});;All files (*)</source>
   <translation>Projekte (*{suffix});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>That folder contains no recordings.</source>
   <translation>Dieser Ordner enthält keine Aufnahmen.</translation>
  </message>
  <message>
   <source>The folder {name} was skipped: access denied.</source>
   <translation>Der Ordner {name} wurde übersprungen: kein Zugriff.</translation>
  </message>
  <message>
   <source>Only the first {count} recordings of a folder are added.</source>
   <translation>Nur die ersten {count} Aufnahmen eines Ordners werden hinzugefügt.</translation>
  </message>
  <message>
   <source>The project is as it was last saved. Undo brings your edits back.</source>
   <translation>Das Projekt ist, wie es zuletzt gespeichert wurde. Rückgängig bringt Ihre Änderungen wieder.</translation>
  </message>
  <message>
   <source>Your edits to {name} from {day} are kept but not yet saved to a file.</source>
   <translation>Ihre Änderungen an {name} vom {day} sind gesichert, aber noch in keiner Datei gespeichert.</translation>
  </message>
  <message>
   <source>Your edits to {count} recordings are kept but not yet saved to files.</source>
   <translation>Ihre Änderungen an {count} Aufnahmen sind gesichert, aber noch in keiner Datei gespeichert.</translation>
  </message>
  <message>
   <source>Open</source>
   <translation>Öffnen</translation>
  </message>
  <message>
   <source>a recording</source>
   <translation>einer Aufnahme</translation>
  </message>
  <message>
   <source>This project is open for reading only. {reason}.</source>
   <translation>Dieses Projekt kann nur gelesen werden. {reason}.</translation>
  </message>
  <message>
   <source>Save a Copy…</source>
   <translation>Kopie speichern…</translation>
  </message>
  <message>
   <source>The recording {name} is not where it was. The notes can be edited and exported without it.</source>
   <translation>Die Aufnahme {name} ist nicht mehr, wo sie war. Die Noten lassen sich ohne sie bearbeiten und exportieren.</translation>
  </message>
  <message>
   <source>Find It…</source>
   <translation>Suchen…</translation>
  </message>
  <message>
   <source>{name} is not the recording that these notes were made from: its content is different. It is neither shown nor played here. The notes can be edited and exported without it.</source>
   <translation>{name} ist nicht die Aufnahme, aus der diese Noten stammen: Der Inhalt ist ein anderer. Sie wird hier weder gezeigt noch wiedergegeben. Die Noten lassen sich ohne sie bearbeiten und exportieren.</translation>
  </message>
  <message>
   <source>Find the Recording…</source>
   <translation>Aufnahme suchen…</translation>
  </message>
  <message>
   <source>Use This One…</source>
   <translation>Diese verwenden…</translation>
  </message>
  <message>
   <source>Open It Separately</source>
   <translation>Für sich öffnen</translation>
  </message>
  <message>
   <source>{names} and {count} more</source>
   <translation>{names} und {count} weitere</translation>
  </message>
  <message>
   <source>Unfinished when the program last closed: {names}.</source>
   <translation>Beim letzten Schließen des Programms nicht fertig: {names}.</translation>
  </message>
  <message>
   <source>System Default</source>
   <translation>Systemstandard</translation>
  </message>
  <message>
   <source>&amp;Play</source>
   <translation>&amp;Wiedergeben</translation>
  </message>
  <message>
   <source>S&amp;top</source>
   <translation>&amp;Stopp</translation>
  </message>
  <message>
   <source>To the &amp;Start</source>
   <translation>Zum &amp;Anfang</translation>
  </message>
  <message>
   <source>Step &amp;Back</source>
   <translation>Ein Stück &amp;zurück</translation>
  </message>
  <message>
   <source>Step F&amp;orward</source>
   <translation>Ein Stück &amp;vor</translation>
  </message>
  <message>
   <source>Skip Back</source>
   <translation>Weit zurück</translation>
  </message>
  <message>
   <source>Skip Forward</source>
   <translation>Weit vor</translation>
  </message>
  <message>
   <source>&amp;Loop</source>
   <translation>S&amp;chleife</translation>
  </message>
  <message>
   <source>&amp;Follow the Cursor</source>
   <translation>Dem &amp;Cursor folgen</translation>
  </message>
  <message>
   <source>F&amp;aster</source>
   <translation>Sch&amp;neller</translation>
  </message>
  <message>
   <source>Slo&amp;wer</source>
   <translation>&amp;Langsamer</translation>
  </message>
  <message>
   <source>Full Sp&amp;eed</source>
   <translation>Volles &amp;Tempo</translation>
  </message>
  <message>
   <source>Met&amp;ronome</source>
   <translation>Met&amp;ronom</translation>
  </message>
  <message>
   <source>&amp;Mute</source>
   <translation>St&amp;umm</translation>
  </message>
  <message>
   <source>Look for Sound Devices &amp;Again</source>
   <translation>&amp;Erneut nach Audiogeräten suchen</translation>
  </message>
  <message>
   <source>Sound &amp;Device</source>
   <translation>Audio&amp;gerät</translation>
  </message>
  <message>
   <source>&amp;Pause</source>
   <translation>&amp;Pause</translation>
  </message>
  <message>
   <source>The metronome needs beats: Beats &gt; Find Beats (Ctrl+B)</source>
   <translation>Das Metronom braucht Schläge: Takte &gt; Schläge finden (Strg+B)</translation>
  </message>
  <message>
   <source>System Default: {name}</source>
   <translation>Systemstandard: {name}</translation>
  </message>
  <message>
   <source>Left: only the recording. Right: only the notes.</source>
   <translation>Links: nur das Original. Rechts: nur die Noten.</translation>
  </message>
  <message>
   <source>Volume</source>
   <translation>Lautstärke</translation>
  </message>
  <message>
   <source>State of the playback</source>
   <translation>Zustand der Wiedergabe</translation>
  </message>
  <message>
   <source>Position and length</source>
   <translation>Stelle und Länge</translation>
  </message>
  <message>
   <source>Speed</source>
   <translation>Geschwindigkeit</translation>
  </message>
  <message>
   <source>Playback speed; the pitch stays the same (Ctrl+PgUp, Ctrl+PgDown)</source>
   <translation>Wie schnell wiedergegeben wird; die Tonhöhe bleibt (Strg+Bild auf, Strg+Bild ab)</translation>
  </message>
  <message>
   <source>The recording is missing: only its notes are played.</source>
   <translation>Die Aufnahme fehlt: Nur ihre Noten werden wiedergegeben.</translation>
  </message>
  <message>
   <source>Playback is off while recording.</source>
   <translation>Während der Aufnahme gibt es keine Wiedergabe.</translation>
  </message>
  <message>
   <source>Save the project</source>
   <translation>Projekt speichern</translation>
  </message>
  <message>
   <source>Where is the recording?</source>
   <translation>Wo ist die Aufnahme?</translation>
  </message>
  <message>
   <source>Projects (*{suffix})</source>
   <translation>Projekte (*{suffix})</translation>
  </message>
  <message>
   <source>Saving {name}</source>
   <translation>{name} wird gespeichert</translation>
  </message>
  <message>
   <source>{cause}: {hint}. Use it anyway, if its length fits?</source>
   <translation>{cause}: {hint}. Trotzdem verwenden, wenn die Länge passt?</translation>
  </message>
  <message>
   <source>Checking whether {name} is the recording</source>
   <translation>Es wird geprüft, ob {name} die Aufnahme ist</translation>
  </message>
  <message>
   <source>Profile “{name}” no longer exists; the standard model was used.</source>
   <translation>Das Profil „{name}“ gibt es nicht mehr; das Standardmodell wurde verwendet.</translation>
  </message>
  <message>
   <source>System default</source>
   <translation>Systemstandard</translation>
  </message>
  <message>
   <source>Recorder</source>
   <translation>Recorder</translation>
  </message>
  <message>
   <source>Device to record from</source>
   <translation>Gerät für die Aufnahme</translation>
  </message>
  <message>
   <source>MIDI keyboard to record as well</source>
   <translation>MIDI-Keyboard, das mit aufgenommen wird</translation>
  </message>
  <message>
   <source>Look for microphones and keyboards again</source>
   <translation>Erneut nach Mikrofonen und Keyboards suchen</translation>
  </message>
  <message>
   <source>Show the take</source>
   <translation>Take zeigen</translation>
  </message>
  <message>
   <source>Close the recorder</source>
   <translation>Recorder schließen</translation>
  </message>
  <message>
   <source>Model that finds the notes while you play</source>
   <translation>Modell, das die Noten findet, während Sie spielen</translation>
  </message>
  <message>
   <source>Which model finds the notes while you play. The take is transcribed again when you stop.</source>
   <translation>Welches Modell die Noten findet, während Sie spielen. Nach dem Ende wird der Take noch einmal transkribiert.</translation>
  </message>
  <message>
   <source>Show the Folder of Recordings</source>
   <translation>Ordner der Aufnahmen zeigen</translation>
  </message>
  <message>
   <source>Choose Another Folder…</source>
   <translation>Anderen Ordner wählen…</translation>
  </message>
  <message>
   <source>Record</source>
   <translation>Aufnehmen</translation>
  </message>
  <message>
   <source>Opening…</source>
   <translation>Wird geöffnet…</translation>
  </message>
  <message>
   <source>Folder for recordings</source>
   <translation>Ordner für Aufnahmen</translation>
  </message>
  <message>
   <source>R</source>
   <translation>R</translation>
  </message>
  <message>
   <source>No MIDI keyboard</source>
   <translation>Kein MIDI-Keyboard</translation>
  </message>
  <message>
   <source>Its notes are kept beside the take, and My Instrument learns from them</source>
   <translation>Seine Noten werden neben dem Take gespeichert, und „Mein Instrument“ lernt daraus</translation>
  </message>
  <message>
   <source>{minutes} min free</source>
   <translation>Platz für {minutes} min</translation>
  </message>
  <message>
   <source>{hours} h free</source>
   <translation>Platz für {hours} h</translation>
  </message>
  <message>
   <source>The input was too loud at times: turn its gain down.</source>
   <translation>Der Eingang war zeitweise zu laut: Regeln Sie ihn herunter.</translation>
  </message>
  <message>
   <source>There is no microphone. Plug one in, then look for it again.</source>
   <translation>Es ist kein Mikrofon da. Schließen Sie eines an und suchen Sie dann erneut.</translation>
  </message>
  <message>
   <source>Discarded take</source>
   <translation>Verworfener Take</translation>
  </message>
  <message>
   <source>Move to the trash</source>
   <translation>In den Papierkorb</translation>
  </message>
  <message>
   <source>Keep it</source>
   <translation>Behalten</translation>
  </message>
  <message>
   <source>Move the take {name} to the trash?</source>
   <translation>Take {name} in den Papierkorb verschieben?</translation>
  </message>
  <message>
   <source>Your edits to its notes are kept: see File &gt; Unsaved Projects.</source>
   <translation>Ihre Änderungen an seinen Noten bleiben: siehe Datei &gt; Nicht gespeicherte Projekte.</translation>
  </message>
  <message>
   <source>Its notes are removed too; they can be found again from the recording.</source>
   <translation>Seine Noten werden ebenfalls entfernt; sie lassen sich aus der Aufnahme wieder gewinnen.</translation>
  </message>
  <message>
   <source>{name} was moved to the trash.</source>
   <translation>{name} wurde in den Papierkorb verschoben.</translation>
  </message>
  <message>
   <source>Restore</source>
   <translation>Wiederherstellen</translation>
  </message>
  <message>
   <source>The project {name} is kept, without its recording.</source>
   <translation>Das Projekt {name} bleibt, ohne seine Aufnahme.</translation>
  </message>
  <message>
   <source>Start or Stop &amp;Recording</source>
   <translation>&amp;Aufnahme starten oder beenden</translation>
  </message>
  <message>
   <source>Recor&amp;der…</source>
   <translation>Reco&amp;rder…</translation>
  </message>
  <message>
   <source>Move the Ta&amp;ke to the Trash…</source>
   <translation>Ta&amp;ke in den Papierkorb verschieben…</translation>
  </message>
  <message>
   <source>Recording is in progress. Stop it and close?</source>
   <translation>Es wird gerade aufgenommen. Beenden und schließen?</translation>
  </message>
  <message>
   <source>What was played so far is kept.</source>
   <translation>Was bisher gespielt wurde, bleibt.</translation>
  </message>
  <message>
   <source>Stop and close</source>
   <translation>Beenden und schließen</translation>
  </message>
  <message>
   <source>Keep recording</source>
   <translation>Weiter aufnehmen</translation>
  </message>
  <message>
   <source>Move the Take to the Trash…</source>
   <translation>Take in den Papierkorb verschieben…</translation>
  </message>
  <message>
   <source>What you play is saved as you go. R stops.</source>
   <translation>Was Sie spielen, wird laufend gespeichert. R beendet.</translation>
  </message>
  <message>
   <source>Play something loud: the level should stay out of the red. R records.</source>
   <translation>Spielen Sie etwas Lautes: Der Pegel soll aus dem Roten bleiben. R nimmt auf.</translation>
  </message>
  <message>
   <source>Your keyboard is being recorded, too. Nothing has been received from it yet.</source>
   <translation>Ihr Keyboard wird mit aufgenommen. Noch kam nichts von ihm.</translation>
  </message>
  <message>
   <source>This device delivers only silence. Is it muted, or the wrong one?</source>
   <translation>Von diesem Gerät kommt nur Stille. Ist es stumm, oder ist es das falsche?</translation>
  </message>
  <message>
   <source>The input was too loud at least once: turn its gain down.</source>
   <translation>Es war mindestens einmal zu laut: Regeln Sie den Eingang herunter.</translation>
  </message>
  <message>
   <source>Loading the model; recording is in progress.</source>
   <translation>Das Modell wird geladen; die Aufnahme läuft.</translation>
  </message>
  <message>
   <source>Some notes were left out to keep up; all will be found after you stop.</source>
   <translation>Einige Noten wurden ausgelassen, um Schritt zu halten; nach dem Ende werden alle gefunden.</translation>
  </message>
  <message>
   <source>Notes since {time} are from the model “{model}”, which suits what is heard: {instruments}.</source>
   <translation>Noten seit {time} vom Modell „{model}“, das zu dem passt, was zu hören ist: {instruments}.</translation>
  </message>
  <message>
   <source>The disk has room for {minutes} more minutes; then the take ends.</source>
   <translation>Der Datenträger hat noch Platz für {minutes} Minuten; dann endet der Take.</translation>
  </message>
  <message>
   <source>No notes while you play: {cause} Recording continues.</source>
   <translation>Keine Noten während des Spielens: {cause} Die Aufnahme läuft weiter.</translation>
  </message>
  <message>
   <source>The computer is busy: the notes are {seconds} s behind, the recording is not.</source>
   <translation>Der Rechner ist beschäftigt: Die Noten sind {seconds} s im Rückstand, die Aufnahme nicht.</translation>
  </message>
  <message>
   <source>No MIDI keyboard is connected.</source>
   <translation>Es ist kein MIDI-Keyboard angeschlossen.</translation>
  </message>
  <message>
   <source>Level of the input. The loudest notes should stay out of the red.</source>
   <translation>Pegel des Eingangs. Die lautesten Noten sollen aus dem Roten bleiben.</translation>
  </message>
  <message>
   <source>CLIP</source>
   <translation>CLIP</translation>
  </message>
  <message>
   <source>Input level: peak {level} dB</source>
   <translation>Eingangspegel: Spitze {level} dB</translation>
  </message>
  <message>
   <source>{level}, too loud</source>
   <translation>{level}, zu laut</translation>
  </message>
  <message>
   <source>Not now</source>
   <translation>Nicht jetzt</translation>
  </message>
  <message>
   <source>The program ended while recording {name} ({length}). What was played was saved in {folder}.</source>
   <translation>Das Programm endete während der Aufnahme von {name} ({length}). Was gespielt wurde, ist in {folder} gespeichert.</translation>
  </message>
  <message>
   <source>The program ended while recording {names}. What was played was saved.</source>
   <translation>Das Programm endete während der Aufnahme von {names}. Was gespielt wurde, ist gespeichert.</translation>
  </message>
  <message>
   <source>Follow the music</source>
   <translation>Der Musik folgen</translation>
  </message>
  <message>
   <source>Keep what is being played in view (C)</source>
   <translation>Im Blick behalten, was gespielt wird (C)</translation>
  </message>
  <message>
   <source>Notes so far: {count}</source>
   <translation>Bisherige Noten: {count}</translation>
  </message>
  <message>
   <source>{cents} cents</source>
   <translation>{cents} Cent</translation>
  </message>
  <message>
   <source>{name} at {time}: {score} %. {attention} % of the model's attention for this instrument was here: a hint, not proof.</source>
   <translation>{name} bei {time}: {score} %. {attention} % der Aufmerksamkeit des Modells für dieses Instrument lag hier: ein Hinweis, kein Beweis.</translation>
  </message>
  <message>
   <source>{name} at {time}: {score} %, not named here. {attention} % of the model's attention for this instrument was here: a hint, not proof.</source>
   <translation>{name} bei {time}: {score} %, hier nicht genannt. {attention} % der Aufmerksamkeit des Modells für dieses Instrument lag hier: ein Hinweis, kein Beweis.</translation>
  </message>
  <message>
   <source>{name}: you marked it as heard from {begin} to {end}.</source>
   <translation>{name}: von {begin} bis {end} zu hören, von Ihnen markiert.</translation>
  </message>
  <message>
   <source>{name}: you marked it as not heard from {begin} to {end}.</source>
   <translation>{name}: von {begin} bis {end} nicht zu hören, von Ihnen markiert.</translation>
  </message>
  <message>
   <source>{name}: {score} % for the whole recording, named if above {threshold} %</source>
   <translation>{name}: {score} % für die ganze Aufnahme, genannt ab {threshold} %</translation>
  </message>
  <message>
   <source>{name} {score} %</source>
   <translation>{name} {score} %</translation>
  </message>
  <message>
   <source>Overview of the recording</source>
   <translation>Übersicht der Aufnahme</translation>
  </message>
  <message>
   <source>Click to go there; drag to move the view; Shift+drag to mark a stretch of time</source>
   <translation>Klick: dorthin gehen; Ziehen: Ansicht bewegen; mit Umschalt: Zeitspanne markieren</translation>
  </message>
  <message>
   <source>Pedal</source>
   <translation>Pedal</translation>
  </message>
  <message>
   <source>Notes over the spectrogram</source>
   <translation>Noten über dem Spektrogramm</translation>
  </message>
  <message>
   <source>&amp;Play from Here</source>
   <translation>Von hier &amp;wiedergeben</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Partitur</translation>
  </message>
  <message>
   <source>Standard</source>
   <translation>Standard</translation>
  </message>
  <message>
   <source>Half Step Down</source>
   <translation>Einen Halbton tiefer</translation>
  </message>
  <message>
   <source>Drop D</source>
   <translation>Drop D</translation>
  </message>
  <message>
   <source>Whole Step Down</source>
   <translation>Einen Ganzton tiefer</translation>
  </message>
  <message>
   <source>Drop C</source>
   <translation>Drop C</translation>
  </message>
  <message>
   <source>Open D</source>
   <translation>Open D</translation>
  </message>
  <message>
   <source>Open G</source>
   <translation>Open G</translation>
  </message>
  <message>
   <source>DADGAD</source>
   <translation>DADGAD</translation>
  </message>
  <message>
   <source>Five Strings</source>
   <translation>Fünf Saiten</translation>
  </message>
  <message>
   <source>Six Strings</source>
   <translation>Sechs Saiten</translation>
  </message>
  <message>
   <source>Seven Strings</source>
   <translation>Sieben Saiten</translation>
  </message>
  <message>
   <source>Eight Strings</source>
   <translation>Acht Saiten</translation>
  </message>
  <message>
   <source>Options</source>
   <translation>Optionen</translation>
  </message>
  <message>
   <source>How the score is written, here and in exported scores</source>
   <translation>Wie die Partitur geschrieben wird, hier und in exportierten Partituren</translation>
  </message>
  <message>
   <source>Use This Tuning for &amp;New Recordings</source>
   <translation>Diese Stimmung für &amp;neue Aufnahmen verwenden</translation>
  </message>
  <message>
   <source>And the capo; also for recordings for which you have not chosen any</source>
   <translation>Und den Kapodaster; auch für Aufnahmen, für die Sie nichts gewählt haben</translation>
  </message>
  <message>
   <source>Open strings, the lowest first:</source>
   <translation>Leere Saiten, die tiefste zuerst:</translation>
  </message>
  <message>
   <source>None</source>
   <translation>Keiner</translation>
  </message>
  <message>
   <source>Beats may divide into three</source>
   <translation>Schläge können in drei Teile zerfallen</translation>
  </message>
  <message>
   <source>Swing as &amp;Even Notes</source>
   <translation>Swing als &amp;gerade Noten</translation>
  </message>
  <message>
   <source>Swung eighths are written as even eighths, with “Swing” at the beginning</source>
   <translation>Geswingte Achtel werden gerade geschrieben, mit „Swing“ am Anfang</translation>
  </message>
  <message>
   <source>&amp;Dynamics</source>
   <translation>&amp;Dynamik</translation>
  </message>
  <message>
   <source>From piano to forte, by the velocities</source>
   <translation>Von piano bis forte, nach den Anschlagstärken</translation>
  </message>
  <message>
   <source>&amp;Pedal</source>
   <translation>&amp;Pedal</translation>
  </message>
  <message>
   <source>Where the sustain pedal is pressed</source>
   <translation>Wo das Haltepedal getreten wird</translation>
  </message>
  <message>
   <source>Ta&amp;blature</source>
   <translation>Ta&amp;bulatur</translation>
  </message>
  <message>
   <source>Guitars and basses as strings and frets</source>
   <translation>Gitarren und Bässe als Saiten und Bünde</translation>
  </message>
  <message>
   <source>“{text}” is not a tuning. Name each open string with its octave, the lowest first, such as {strings}.</source>
   <translation>„{text}“ ist keine Stimmung. Jede leere Saite mit Oktave nennen, die tiefste zuerst, etwa {strings}.</translation>
  </message>
  <message>
   <source>&amp;Guitar Tuning</source>
   <translation>&amp;Gitarrenstimmung</translation>
  </message>
  <message>
   <source>Ba&amp;ss Tuning</source>
   <translation>Ba&amp;ssstimmung</translation>
  </message>
  <message>
   <source>&amp;Capo</source>
   <translation>&amp;Kapodaster</translation>
  </message>
  <message>
   <source>Fret {fret}</source>
   <translation>Bund {fret}</translation>
  </message>
  <message>
   <source>Previous page</source>
   <translation>Vorige Seite</translation>
  </message>
  <message>
   <source>Next page</source>
   <translation>Nächste Seite</translation>
  </message>
  <message>
   <source>Smaller</source>
   <translation>Kleiner</translation>
  </message>
  <message>
   <source>Larger</source>
   <translation>Größer</translation>
  </message>
  <message>
   <source>The score appears here once there are notes.</source>
   <translation>Die Partitur erscheint hier, sobald Noten da sind.</translation>
  </message>
  <message>
   <source>Writing the score…</source>
   <translation>Die Partitur wird geschrieben…</translation>
  </message>
  <message>
   <source>The score needs the package verovio, which is not installed.
Install it with: {command}
Then close this panel and open it again.</source>
   <translation>Die Partitur braucht das Paket verovio, das nicht installiert ist.
Installieren Sie es mit: {command}
Schließen Sie dann diesen Bereich, und öffnen Sie ihn wieder.</translation>
  </message>
  <message>
   <source>Page {page} of {pages}</source>
   <translation>Seite {page} von {pages}</translation>
  </message>
  <message>
   <source>&amp;Close</source>
   <translation>S&amp;chließen</translation>
  </message>
  <message>
   <source>&amp;Quit</source>
   <translation>Be&amp;enden</translation>
  </message>
  <message>
   <source>Looking for sound devices…</source>
   <translation>Audiogeräte werden gesucht…</translation>
  </message>
  <message>
   <source>Plug one in.</source>
   <translation>Schließen Sie eines an.</translation>
  </message>
  <message>
   <source>Tracks</source>
   <translation>Spuren</translation>
  </message>
  <message>
   <source>Tracks appear after transcription.</source>
   <translation>Spuren erscheinen nach der Transkription.</translation>
  </message>
  <message>
   <source>Instrument, colour, merging and deleting</source>
   <translation>Instrument, Farbe, Verbinden und Löschen</translation>
  </message>
  <message>
   <source>New</source>
   <translation>Neu</translation>
  </message>
  <message>
   <source>Add a track without notes</source>
   <translation>Spur ohne Noten hinzufügen</translation>
  </message>
  <message>
   <source>Move selected notes here</source>
   <translation>Ausgewählte Noten hierher</translation>
  </message>
  <message>
   <source>Put the selected notes on the chosen track</source>
   <translation>Die ausgewählten Noten auf die gewählte Spur legen</translation>
  </message>
  <message>
   <source>Tracks of the recording</source>
   <translation>Spuren der Aufnahme</translation>
  </message>
  <message>
   <source>If unticked, the notes are hidden here; exported files still contain them.</source>
   <translation>Ohne Häkchen sind die Noten hier ausgeblendet; exportierte Dateien enthalten sie trotzdem.</translation>
  </message>
  <message>
   <source>Mute. Exported files still contain the notes; only exported sound leaves them out.</source>
   <translation>Stumm. Exportierte Dateien enthalten die Noten trotzdem; nur im exportierten Klang fehlen sie.</translation>
  </message>
  <message>
   <source>Solo: hear this track alone</source>
   <translation>Solo: nur diese Spur hören</translation>
  </message>
  <message>
   <source>Select Its &amp;Notes</source>
   <translation>Ihre &amp;Noten auswählen</translation>
  </message>
  <message>
   <source>Sa&amp;ve as</source>
   <translation>&amp;Speichern als</translation>
  </message>
  <message>
   <source>&amp;Merge Into</source>
   <translation>&amp;Verbinden mit</translation>
  </message>
  <message>
   <source>&amp;Delete With Its Notes</source>
   <translation>Mit ihren Noten &amp;löschen</translation>
  </message>
  <message>
   <source>Blue</source>
   <translation>Blau</translation>
  </message>
  <message>
   <source>Orange</source>
   <translation>Orange</translation>
  </message>
  <message>
   <source>Green</source>
   <translation>Grün</translation>
  </message>
  <message>
   <source>Pink</source>
   <translation>Rosa</translation>
  </message>
  <message>
   <source>Yellow</source>
   <translation>Gelb</translation>
  </message>
  <message>
   <source>Red</source>
   <translation>Rot</translation>
  </message>
  <message>
   <source>Violet</source>
   <translation>Violett</translation>
  </message>
  <message>
   <source>Grey</source>
   <translation>Grau</translation>
  </message>
  <message>
   <source>M</source>
   <translation>M</translation>
  </message>
  <message>
   <source>S</source>
   <translation>S</translation>
  </message>
  <message>
   <source>Sound</source>
   <translation>Klang</translation>
  </message>
  <message>
   <source>Drag this into a DAW or a folder, as MIDI</source>
   <translation>Dies als MIDI in einen Sequencer oder Ordner ziehen</translation>
  </message>
  <message>
   <source>Show the notes of {track}</source>
   <translation>Die Noten von {track} zeigen</translation>
  </message>
  <message>
   <source>Mute {track}</source>
   <translation>{track} stumm schalten</translation>
  </message>
  <message>
   <source>Hear {track} alone</source>
   <translation>Nur {track} hören</translation>
  </message>
  <message>
   <source>&amp;Sound</source>
   <translation>&amp;Klang</translation>
  </message>
  <message>
   <source>&amp;Colour</source>
   <translation>&amp;Farbe</translation>
  </message>
  <message>
   <source>&amp;Rename</source>
   <translation>&amp;Umbenennen</translation>
  </message>
  <message>
   <source>Transcribe Again</source>
   <translation>Erneut transkribieren</translation>
  </message>
  <message>
   <source>The notes are on the tracks of the instruments you chose.</source>
   <translation>Die Noten sind auf den Spuren der gewählten Instrumente.</translation>
  </message>
  <message>
   <source>Transcribe {name} again? Notes found by the model that will be replaced: {replaced}.</source>
   <translation>{name} erneut transkribieren? Noten des Modells, die ersetzt werden: {replaced}.</translation>
  </message>
  <message>
   <source>Undo brings back the present notes.</source>
   <translation>Rückgängig bringt zurück, was jetzt da ist.</translation>
  </message>
  <message>
   <source>Notes that you corrected, added, accepted or deleted stay as they are: {count}.</source>
   <translation>Was Sie berichtigt, hinzugefügt, bestätigt oder gelöscht haben, bleibt: {count}.</translation>
  </message>
  <message>
   <source>So does everything in passages that you accepted: {count}.</source>
   <translation>Ebenso alles in Passagen, die Sie bestätigt haben: {count}.</translation>
  </message>
  <message>
   <source>Transcribing again: the present notes ({count}) will be replaced when it is done; Undo brings them back.</source>
   <translation>Wird erneut transkribiert: Die vorhandenen Noten ({count}) werden ersetzt, wenn es fertig ist; Rückgängig bringt sie zurück.</translation>
  </message>
  <message>
   <source>Loading the model…</source>
   <translation>Das Modell wird geladen…</translation>
  </message>
  <message>
   <source>The model is loading; you can already open recordings.</source>
   <translation>Das Modell wird geladen; Aufnahmen lassen sich schon öffnen.</translation>
  </message>
  <message>
   <source>No model</source>
   <translation>Kein Modell</translation>
  </message>
  <message>
   <source>Computes on {device}: {reason}. Model: {model}.</source>
   <translation>Rechnet auf {device}: {reason}. Modell: {model}.</translation>
  </message>
  <message>
   <source>Device: {text}</source>
   <translation>Gerät: {text}</translation>
  </message>
  <message>
   <source>&amp;Instruments…</source>
   <translation>&amp;Instrumente…</translation>
  </message>
  <message>
   <source>Transcribe a Par&amp;t…</source>
   <translation>Einen &amp;Teil transkribieren…</translation>
  </message>
  <message>
   <source>Transcribe Only the &amp;Marked Part</source>
   <translation>Nur den &amp;markierten Teil transkribieren</translation>
  </message>
  <message>
   <source>Sound Track</source>
   <translation>Tonspur</translation>
  </message>
  <message>
   <source>&amp;Pause or Resume</source>
   <translation>&amp;Pause oder weiter</translation>
  </message>
  <message>
   <source>&amp;Cancel</source>
   <translation>&amp;Abbrechen</translation>
  </message>
  <message>
   <source>Transcribe &amp;Again</source>
   <translation>&amp;Erneut transkribieren</translation>
  </message>
  <message>
   <source>&amp;Model</source>
   <translation>&amp;Modell</translation>
  </message>
  <message>
   <source>Transcribe all &amp;instruments</source>
   <translation>Alle &amp;Instrumente transkribieren</translation>
  </message>
  <message>
   <source>Transcribe &amp;only these:</source>
   <translation>&amp;Nur diese transkribieren:</translation>
  </message>
  <message>
   <source>Tick at least one instrument.</source>
   <translation>Kreuzen Sie mindestens ein Instrument an.</translation>
  </message>
  <message>
   <source>The notes move to these tracks immediately. You can undo this.</source>
   <translation>Die Noten kommen sofort auf diese Spuren. Das lässt sich rückgängig machen.</translation>
  </message>
  <message>
   <source>The recording is transcribed accordingly. If that has already begun, it starts again.</source>
   <translation>Die Aufnahme wird entsprechend transkribiert. Läuft das schon, beginnt es von vorn.</translation>
  </message>
  <message>
   <source>The recording is transcribed again. What you corrected stays.</source>
   <translation>Die Aufnahme wird erneut transkribiert. Was Sie berichtigt haben, bleibt.</translation>
  </message>
  <message>
   <source>For &amp;New Recordings</source>
   <translation>Für &amp;neue Aufnahmen</translation>
  </message>
  <message>
   <source>Which model finds the notes of this recording; another one transcribes it again</source>
   <translation>Welches Modell die Noten dieser Aufnahme findet; ein anderes transkribiert sie erneut</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model: {name}</source>
   <translation>Modell: {name}</translation>
  </message>
  <message>
   <source>Transcribe a Part</source>
   <translation>Einen Teil transkribieren</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>Anfang</translation>
  </message>
  <message>
   <source>End</source>
   <translation>Ende</translation>
  </message>
  <message>
   <source>&amp;Start</source>
   <translation>&amp;Anfang</translation>
  </message>
  <message>
   <source>&amp;End</source>
   <translation>&amp;Ende</translation>
  </message>
  <message>
   <source>Transcribe</source>
   <translation>Transkribieren</translation>
  </message>
  <message>
   <source>Only this part is transcribed. Notes outside it, and what you have corrected, stay.</source>
   <translation>Nur dieser Teil wird transkribiert. Noten außerhalb davon, und was Sie berichtigt haben, bleiben.</translation>
  </message>
  <message>
   <source>First 30 &amp;seconds</source>
   <translation>Die ersten 30 &amp;Sekunden</translation>
  </message>
  <message>
   <source>What the &amp;view shows</source>
   <translation>Was die Ansicht &amp;zeigt</translation>
  </message>
  <message>
   <source>&amp;All</source>
   <translation>A&amp;lles</translation>
  </message>
  <message>
   <source>The end must come after the start.</source>
   <translation>Das Ende muss nach dem Anfang liegen.</translation>
  </message>
  <message>
   <source>The &amp;marked part</source>
   <translation>Der &amp;markierte Teil</translation>
  </message>
  <message>
   <source>Show recordings with</source>
   <translation>Aufnahmen zeigen mit</translation>
  </message>
  <message>
   <source>Show only the recordings in which this instrument is heard</source>
   <translation>Nur die Aufnahmen zeigen, in denen dieses Instrument zu hören ist</translation>
  </message>
  <message>
   <source>All recordings</source>
   <translation>Alle Aufnahmen</translation>
  </message>
  <message>
   <source>With {instrument} ({count})</source>
   <translation>Mit {instrument} ({count})</translation>
  </message>
  <message>
   <source>Getting ready…</source>
   <translation>Vorbereitung…</translation>
  </message>
  <message>
   <source>{percent} %, {left} left</source>
   <translation>{percent} %, noch {left}</translation>
  </message>
  <message>
   <source>Cancelled</source>
   <translation>Abgebrochen</translation>
  </message>
  <message>
   <source>Show in folder</source>
   <translation>Im Ordner zeigen</translation>
  </message>
  <message>
   <source>Pause; the recordings after it wait</source>
   <translation>Pause; die folgenden Aufnahmen warten</translation>
  </message>
  <message>
   <source>Transcribe again</source>
   <translation>Erneut transkribieren</translation>
  </message>
  <message>
   <source>Remove from the list</source>
   <translation>Von der Liste nehmen</translation>
  </message>
  <message>
   <source>Earlier</source>
   <translation>Früher</translation>
  </message>
  <message>
   <source>Later</source>
   <translation>Später</translation>
  </message>
  <message>
   <source>F&amp;ull Screen</source>
   <translation>&amp;Vollbild</translation>
  </message>
  <message>
   <source>Velocities &amp;Below the Notes</source>
   <translation>Anschlagstärken &amp;unter den Noten</translation>
  </message>
  <message>
   <source>&amp;Drums Below the Notes</source>
   <translation>&amp;Schlagzeug unter den Noten</translation>
  </message>
  <message>
   <source>Zoom &amp;In</source>
   <translation>Ver&amp;größern</translation>
  </message>
  <message>
   <source>Zoom &amp;Out</source>
   <translation>Ver&amp;kleinern</translation>
  </message>
  <message>
   <source>&amp;Fit All</source>
   <translation>Alles &amp;zeigen</translation>
  </message>
  <message>
   <source>Scroll &amp;Left</source>
   <translation>Nach &amp;links</translation>
  </message>
  <message>
   <source>Scroll &amp;Right</source>
   <translation>Nach &amp;rechts</translation>
  </message>
  <message>
   <source>Page Left</source>
   <translation>Seite nach links</translation>
  </message>
  <message>
   <source>Page Right</source>
   <translation>Seite nach rechts</translation>
  </message>
  <message>
   <source>To the &amp;End</source>
   <translation>Zum &amp;Ende</translation>
  </message>
  <message>
   <source>Notes outside the range or the scale are hidden, and left out of playback and export. They stay in the project.</source>
   <translation>Noten außerhalb von Umfang und Tonleiter werden ausgeblendet und nicht wiedergegeben oder exportiert. Im Projekt bleiben sie.</translation>
  </message>
  <message>
   <source>major</source>
   <translation>Dur</translation>
  </message>
  <message>
   <source>minor</source>
   <translation>Moll</translation>
  </message>
  <message>
   <source>harmonic minor</source>
   <translation>harmonisch Moll</translation>
  </message>
  <message>
   <source>melodic minor</source>
   <translation>melodisch Moll</translation>
  </message>
  <message>
   <source>major pentatonic</source>
   <translation>Dur-Pentatonik</translation>
  </message>
  <message>
   <source>minor pentatonic</source>
   <translation>Moll-Pentatonik</translation>
  </message>
  <message>
   <source>blues</source>
   <translation>Blues</translation>
  </message>
  <message>
   <source>Dorian</source>
   <translation>dorisch</translation>
  </message>
  <message>
   <source>Phrygian</source>
   <translation>phrygisch</translation>
  </message>
  <message>
   <source>Lydian</source>
   <translation>lydisch</translation>
  </message>
  <message>
   <source>Mixolydian</source>
   <translation>mixolydisch</translation>
  </message>
  <message>
   <source>Locrian</source>
   <translation>lokrisch</translation>
  </message>
  <message>
   <source>whole tone</source>
   <translation>Ganztonleiter</translation>
  </message>
  <message>
   <source>Lowest key</source>
   <translation>Tiefste Taste</translation>
  </message>
  <message>
   <source>Highest key</source>
   <translation>Höchste Taste</translation>
  </message>
  <message>
   <source>Key note of the scale</source>
   <translation>Grundton der Tonleiter</translation>
  </message>
  <message>
   <source>Kind of scale</source>
   <translation>Art der Tonleiter</translation>
  </message>
  <message>
   <source>Range</source>
   <translation>Umfang</translation>
  </message>
  <message>
   <source>Scale</source>
   <translation>Tonleiter</translation>
  </message>
  <message>
   <source>All keys</source>
   <translation>Alle</translation>
  </message>
  <message>
   <source>Notes and display</source>
   <translation>Noten und Anzeige</translation>
  </message>
  <message>
   <source>Thresholds of</source>
   <translation>Schwellen von</translation>
  </message>
  <message>
   <source>Which thresholds to show. Clicking a note or its lane also switches.</source>
   <translation>Welche Schwellen gezeigt werden. Auch ein Klick auf eine Note oder ihre Zeile wechselt.</translation>
  </message>
  <message>
   <source>To change the thresholds, transcribe again (Ctrl+R).</source>
   <translation>Erneut transkribieren (Strg+R), um die Schwellen zu ändern.</translation>
  </message>
  <message>
   <source>Reset to recommended values</source>
   <translation>Empfohlene Werte</translation>
  </message>
  <message>
   <source>Set everything to what suits this model best</source>
   <translation>Alles so einstellen, wie es zu diesem Modell am besten passt</translation>
  </message>
  <message>
   <source>Colour of notes by</source>
   <translation>Farbe der Noten nach</translation>
  </message>
  <message>
   <source>Colour by</source>
   <translation>Farbe nach</translation>
  </message>
  <message>
   <source>Candidate notes</source>
   <translation>Kandidaten</translation>
  </message>
  <message>
   <source>Notes that the model is not sure of; a lower onset threshold would include them</source>
   <translation>Noten, bei denen sich das Modell nicht sicher ist; eine niedrigere Einsatzschwelle nähme sie auf</translation>
  </message>
  <message>
   <source>Bends</source>
   <translation>Bendings</translation>
  </message>
  <message>
   <source>A line through each bent note, at the pitch that sounds</source>
   <translation>Eine Linie durch jede Note mit Bending, auf der klingenden Tonhöhe</translation>
  </message>
  <message>
   <source>Spectrogram brightness</source>
   <translation>Helligkeit des Spektrogramms</translation>
  </message>
  <message>
   <source>Strength</source>
   <translation>Stärke</translation>
  </message>
  <message>
   <source>Pitched notes</source>
   <translation>Töne</translation>
  </message>
  <message>
   <source>Left: more notes. Right: fewer wrong notes. This is how sure the model must be.</source>
   <translation>Links: mehr. Rechts: weniger falsche. So sicher muss das Modell sein.</translation>
  </message>
  <message>
   <source>What the model heard, under its own name for it</source>
   <translation>Was das Modell gehört hat, unter seinem eigenen Namen dafür</translation>
  </message>
  <message>
   <source>Display</source>
   <translation>Anzeige</translation>
  </message>
  <message>
   <source>Lifts quiet sounds out of the background</source>
   <translation>Hebt leise Klänge aus dem Hintergrund</translation>
  </message>
  <message>
   <source>What the model heard</source>
   <translation>Was das Modell gehört hat</translation>
  </message>
  <message>
   <source>How strongly the overlays cover what is below them</source>
   <translation>Wie stark die Einblendungen verdecken, was unter ihnen liegt</translation>
  </message>
  <message>
   <source>Left: more notes, and more wrong ones. Right: fewer wrong notes, and some right ones may be lost. This is how sure the model must be that a note starts.</source>
   <translation>Links: mehr Noten, auch mehr falsche. Rechts: weniger falsche Noten, doch auch manche richtige kann fehlen. So sicher muss das Modell sein, dass eine Note beginnt.</translation>
  </message>
  <message>
   <source>Left: longer notes. Right: shorter notes. This is how sure the model must be that a note is still sounding.</source>
   <translation>Links: längere Noten. Rechts: kürzere Noten. So sicher muss das Modell sein, dass eine Note noch klingt.</translation>
  </message>
  <message>
   <source>Right: fewer very short notes. Notes shorter than this are left out, even if they are ornaments.</source>
   <translation>Rechts: weniger sehr kurze Noten. Kürzere Noten werden ausgelassen, auch Verzierungen.</translation>
  </message>
  <message>
   <source>Melody line only</source>
   <translation>Nur die Melodie</translation>
  </message>
  <message>
   <source>One note at a time, for a single voice. The notes left out become candidates.</source>
   <translation>Immer nur eine Note zugleich, für eine einzelne Stimme. Was wegfällt, wird zum Kandidaten.</translation>
  </message>
  <message>
   <source>Left: more hits of this drum. Right: fewer wrong ones. This is how sure the model must be that the drum was hit.</source>
   <translation>Links: mehr Schläge dieser Trommel. Rechts: weniger falsche. So sicher muss das Modell sein, dass sie geschlagen wird.</translation>
  </message>
  <message>
   <source>Onsets</source>
   <translation>Einsätze</translation>
  </message>
  <message>
   <source>The probability that a note starts</source>
   <translation>Die Wahrscheinlichkeit, dass eine Note beginnt</translation>
  </message>
  <message>
   <source>Offsets</source>
   <translation>Enden</translation>
  </message>
  <message>
   <source>The probability that a note ends</source>
   <translation>Die Wahrscheinlichkeit, dass eine Note endet</translation>
  </message>
  <message>
   <source>Frames</source>
   <translation>Klingende Noten</translation>
  </message>
  <message>
   <source>The probability that a note sounds</source>
   <translation>Die Wahrscheinlichkeit, dass eine Note klingt</translation>
  </message>
  <message>
   <source>What is “{name}”?</source>
   <translation>Was ist „{name}“?</translation>
  </message>
  <message>
   <source>Colours: {names}</source>
   <translation>Farben: {names}</translation>
  </message>
  <message>
   <source>Colours from {low} to {high}</source>
   <translation>Farben von {low} bis {high}</translation>
  </message>
  <message>
   <source>, {count} hidden</source>
   <translation>, {count} ausgeblendet</translation>
  </message>
  <message>
   <source>1 soft</source>
   <translation>1 leise</translation>
  </message>
  <message>
   <source>loud 127</source>
   <translation>laut 127</translation>
  </message>
  <message>
   <source>0 % doubtful</source>
   <translation>0 % zweifelhaft</translation>
  </message>
  <message>
   <source>sure 100 %</source>
   <translation>sicher 100 %</translation>
  </message>
  <message>
   <source>Choose Instruments</source>
   <translation>Instrumente wählen</translation>
  </message>
  <message>
   <source>Change Thresholds</source>
   <translation>Schwellen ändern</translation>
  </message>
  <message>
   <source>accordion</source>
   <translation>Akkordeon</translation>
  </message>
  <message>
   <source>banjo</source>
   <translation>Banjo</translation>
  </message>
  <message>
   <source>bass</source>
   <translation>Bass</translation>
  </message>
  <message>
   <source>cello</source>
   <translation>Cello</translation>
  </message>
  <message>
   <source>clarinet</source>
   <translation>Klarinette</translation>
  </message>
  <message>
   <source>cymbals</source>
   <translation>Becken</translation>
  </message>
  <message>
   <source>drums</source>
   <translation>Schlagzeug</translation>
  </message>
  <message>
   <source>flute</source>
   <translation>Flöte</translation>
  </message>
  <message>
   <source>guitar</source>
   <translation>Gitarre</translation>
  </message>
  <message>
   <source>mallet percussion</source>
   <translation>Stabspiele</translation>
  </message>
  <message>
   <source>mandolin</source>
   <translation>Mandoline</translation>
  </message>
  <message>
   <source>organ</source>
   <translation>Orgel</translation>
  </message>
  <message>
   <source>piano</source>
   <translation>Klavier</translation>
  </message>
  <message>
   <source>saxophone</source>
   <translation>Saxophon</translation>
  </message>
  <message>
   <source>synthesizer</source>
   <translation>Synthesizer</translation>
  </message>
  <message>
   <source>trombone</source>
   <translation>Posaune</translation>
  </message>
  <message>
   <source>trumpet</source>
   <translation>Trompete</translation>
  </message>
  <message>
   <source>ukulele</source>
   <translation>Ukulele</translation>
  </message>
  <message>
   <source>violin</source>
   <translation>Geige</translation>
  </message>
  <message>
   <source>voice</source>
   <translation>Stimme</translation>
  </message>
  <message>
   <source>strings</source>
   <translation>Streicher</translation>
  </message>
  <message>
   <source>winds</source>
   <translation>Holzbläser</translation>
  </message>
  <message>
   <source>brass</source>
   <translation>Blechbläser</translation>
  </message>
  <message>
   <source>organ or synth</source>
   <translation>Orgel oder Synthesizer</translation>
  </message>
  <message>
   <source>Acoustic Grand Piano</source>
   <translation>Konzertflügel</translation>
  </message>
  <message>
   <source>Bright Acoustic Piano</source>
   <translation>Heller Flügel</translation>
  </message>
  <message>
   <source>Electric Grand Piano</source>
   <translation>E-Flügel</translation>
  </message>
  <message>
   <source>Honky-tonk Piano</source>
   <translation>Honky-tonk-Klavier</translation>
  </message>
  <message>
   <source>Electric Piano 1</source>
   <translation>E-Piano 1</translation>
  </message>
  <message>
   <source>Electric Piano 2</source>
   <translation>E-Piano 2</translation>
  </message>
  <message>
   <source>Harpsichord</source>
   <translation>Cembalo</translation>
  </message>
  <message>
   <source>Clavinet</source>
   <translation>Clavinet</translation>
  </message>
  <message>
   <source>Celesta</source>
   <translation>Celesta</translation>
  </message>
  <message>
   <source>Glockenspiel</source>
   <translation>Glockenspiel</translation>
  </message>
  <message>
   <source>Music Box</source>
   <translation>Spieluhr</translation>
  </message>
  <message>
   <source>Vibraphone</source>
   <translation>Vibraphon</translation>
  </message>
  <message>
   <source>Marimba</source>
   <translation>Marimba</translation>
  </message>
  <message>
   <source>Xylophone</source>
   <translation>Xylophon</translation>
  </message>
  <message>
   <source>Tubular Bells</source>
   <translation>Röhrenglocken</translation>
  </message>
  <message>
   <source>Dulcimer</source>
   <translation>Hackbrett</translation>
  </message>
  <message>
   <source>Drawbar Organ</source>
   <translation>Hammondorgel</translation>
  </message>
  <message>
   <source>Percussive Organ</source>
   <translation>Perkussive Orgel</translation>
  </message>
  <message>
   <source>Rock Organ</source>
   <translation>Rockorgel</translation>
  </message>
  <message>
   <source>Church Organ</source>
   <translation>Kirchenorgel</translation>
  </message>
  <message>
   <source>Reed Organ</source>
   <translation>Harmonium</translation>
  </message>
  <message>
   <source>Accordion</source>
   <translation>Akkordeon</translation>
  </message>
  <message>
   <source>Harmonica</source>
   <translation>Mundharmonika</translation>
  </message>
  <message>
   <source>Bandoneon</source>
   <translation>Bandoneon</translation>
  </message>
  <message>
   <source>Nylon Guitar</source>
   <translation>Konzertgitarre</translation>
  </message>
  <message>
   <source>Steel Guitar</source>
   <translation>Westerngitarre</translation>
  </message>
  <message>
   <source>Jazz Guitar</source>
   <translation>Jazzgitarre</translation>
  </message>
  <message>
   <source>Clean Guitar</source>
   <translation>E-Gitarre, klar</translation>
  </message>
  <message>
   <source>Muted Guitar</source>
   <translation>Gedämpfte E-Gitarre</translation>
  </message>
  <message>
   <source>Overdriven Guitar</source>
   <translation>E-Gitarre, Overdrive</translation>
  </message>
  <message>
   <source>Distortion Guitar</source>
   <translation>E-Gitarre, verzerrt</translation>
  </message>
  <message>
   <source>Guitar Harmonics</source>
   <translation>Gitarrenflageolett</translation>
  </message>
  <message>
   <source>Acoustic Bass</source>
   <translation>Kontrabass, gezupft</translation>
  </message>
  <message>
   <source>Fingered Bass</source>
   <translation>E-Bass, Finger</translation>
  </message>
  <message>
   <source>Picked Bass</source>
   <translation>E-Bass, Plektrum</translation>
  </message>
  <message>
   <source>Fretless Bass</source>
   <translation>Bundloser Bass</translation>
  </message>
  <message>
   <source>Slap Bass 1</source>
   <translation>Slap-Bass 1</translation>
  </message>
  <message>
   <source>Slap Bass 2</source>
   <translation>Slap-Bass 2</translation>
  </message>
  <message>
   <source>Synth Bass 1</source>
   <translation>Synth-Bass 1</translation>
  </message>
  <message>
   <source>Synth Bass 2</source>
   <translation>Synth-Bass 2</translation>
  </message>
  <message>
   <source>Violin</source>
   <translation>Geige</translation>
  </message>
  <message>
   <source>Viola</source>
   <translation>Bratsche</translation>
  </message>
  <message>
   <source>Cello</source>
   <translation>Cello</translation>
  </message>
  <message>
   <source>Contrabass</source>
   <translation>Kontrabass</translation>
  </message>
  <message>
   <source>Tremolo Strings</source>
   <translation>Streicher, Tremolo</translation>
  </message>
  <message>
   <source>Pizzicato Strings</source>
   <translation>Streicher, Pizzicato</translation>
  </message>
  <message>
   <source>Harp</source>
   <translation>Harfe</translation>
  </message>
  <message>
   <source>Timpani</source>
   <translation>Pauken</translation>
  </message>
  <message>
   <source>String Ensemble 1</source>
   <translation>Streicher 1</translation>
  </message>
  <message>
   <source>String Ensemble 2</source>
   <translation>Streicher 2</translation>
  </message>
  <message>
   <source>Synth Strings 1</source>
   <translation>Synth-Streicher 1</translation>
  </message>
  <message>
   <source>Synth Strings 2</source>
   <translation>Synth-Streicher 2</translation>
  </message>
  <message>
   <source>Choir Aahs</source>
   <translation>Chor „Aah“</translation>
  </message>
  <message>
   <source>Voice Oohs</source>
   <translation>Stimme „Ooh“</translation>
  </message>
  <message>
   <source>Synth Voice</source>
   <translation>Synth-Stimme</translation>
  </message>
  <message>
   <source>Orchestra Hit</source>
   <translation>Orchesterschlag</translation>
  </message>
  <message>
   <source>Trumpet</source>
   <translation>Trompete</translation>
  </message>
  <message>
   <source>Trombone</source>
   <translation>Posaune</translation>
  </message>
  <message>
   <source>Tuba</source>
   <translation>Tuba</translation>
  </message>
  <message>
   <source>Muted Trumpet</source>
   <translation>Trompete mit Dämpfer</translation>
  </message>
  <message>
   <source>French Horn</source>
   <translation>Horn</translation>
  </message>
  <message>
   <source>Brass Section</source>
   <translation>Blechbläser</translation>
  </message>
  <message>
   <source>Synth Brass 1</source>
   <translation>Synth-Bläser 1</translation>
  </message>
  <message>
   <source>Synth Brass 2</source>
   <translation>Synth-Bläser 2</translation>
  </message>
  <message>
   <source>Soprano Saxophone</source>
   <translation>Sopransaxophon</translation>
  </message>
  <message>
   <source>Alto Saxophone</source>
   <translation>Altsaxophon</translation>
  </message>
  <message>
   <source>Tenor Saxophone</source>
   <translation>Tenorsaxophon</translation>
  </message>
  <message>
   <source>Baritone Saxophone</source>
   <translation>Baritonsaxophon</translation>
  </message>
  <message>
   <source>Oboe</source>
   <translation>Oboe</translation>
  </message>
  <message>
   <source>English Horn</source>
   <translation>Englischhorn</translation>
  </message>
  <message>
   <source>Bassoon</source>
   <translation>Fagott</translation>
  </message>
  <message>
   <source>Clarinet</source>
   <translation>Klarinette</translation>
  </message>
  <message>
   <source>Piccolo</source>
   <translation>Pikkoloflöte</translation>
  </message>
  <message>
   <source>Flute</source>
   <translation>Flöte</translation>
  </message>
  <message>
   <source>Pan Flute</source>
   <translation>Panflöte</translation>
  </message>
  <message>
   <source>Blown Bottle</source>
   <translation>Angeblasene Flasche</translation>
  </message>
  <message>
   <source>Shakuhachi</source>
   <translation>Shakuhachi</translation>
  </message>
  <message>
   <source>Whistle</source>
   <translation>Pfeifen</translation>
  </message>
  <message>
   <source>Ocarina</source>
   <translation>Okarina</translation>
  </message>
  <message>
   <source>Square Lead</source>
   <translation>Lead, Rechteck</translation>
  </message>
  <message>
   <source>Sawtooth Lead</source>
   <translation>Lead, Sägezahn</translation>
  </message>
  <message>
   <source>Calliope Lead</source>
   <translation>Lead, Dampforgel</translation>
  </message>
  <message>
   <source>Chiff Lead</source>
   <translation>Lead, Chiff</translation>
  </message>
  <message>
   <source>Charang Lead</source>
   <translation>Lead, Charang</translation>
  </message>
  <message>
   <source>Voice Lead</source>
   <translation>Lead, Stimme</translation>
  </message>
  <message>
   <source>Fifths Lead</source>
   <translation>Lead, Quinten</translation>
  </message>
  <message>
   <source>Bass and Lead</source>
   <translation>Bass und Lead</translation>
  </message>
  <message>
   <source>New Age Pad</source>
   <translation>Pad, New Age</translation>
  </message>
  <message>
   <source>Warm Pad</source>
   <translation>Pad, warm</translation>
  </message>
  <message>
   <source>Polysynth Pad</source>
   <translation>Pad, Polysynth</translation>
  </message>
  <message>
   <source>Choir Pad</source>
   <translation>Pad, Chor</translation>
  </message>
  <message>
   <source>Bowed Pad</source>
   <translation>Pad, gestrichen</translation>
  </message>
  <message>
   <source>Metallic Pad</source>
   <translation>Pad, metallisch</translation>
  </message>
  <message>
   <source>Halo Pad</source>
   <translation>Pad, Halo</translation>
  </message>
  <message>
   <source>Sweep Pad</source>
   <translation>Pad, Sweep</translation>
  </message>
  <message>
   <source>Rain</source>
   <translation>Regen</translation>
  </message>
  <message>
   <source>Soundtrack</source>
   <translation>Filmmusik</translation>
  </message>
  <message>
   <source>Crystal</source>
   <translation>Kristall</translation>
  </message>
  <message>
   <source>Atmosphere</source>
   <translation>Atmosphäre</translation>
  </message>
  <message>
   <source>Brightness</source>
   <translation>Helligkeit</translation>
  </message>
  <message>
   <source>Goblins</source>
   <translation>Kobolde</translation>
  </message>
  <message>
   <source>Echoes</source>
   <translation>Echos</translation>
  </message>
  <message>
   <source>Sci-fi</source>
   <translation>Science-Fiction</translation>
  </message>
  <message>
   <source>Sitar</source>
   <translation>Sitar</translation>
  </message>
  <message>
   <source>Banjo</source>
   <translation>Banjo</translation>
  </message>
  <message>
   <source>Shamisen</source>
   <translation>Shamisen</translation>
  </message>
  <message>
   <source>Koto</source>
   <translation>Koto</translation>
  </message>
  <message>
   <source>Kalimba</source>
   <translation>Kalimba</translation>
  </message>
  <message>
   <source>Bagpipe</source>
   <translation>Dudelsack</translation>
  </message>
  <message>
   <source>Fiddle</source>
   <translation>Fiedel</translation>
  </message>
  <message>
   <source>Shanai</source>
   <translation>Shehnai</translation>
  </message>
  <message>
   <source>Tinkle Bell</source>
   <translation>Glöckchen</translation>
  </message>
  <message>
   <source>Agogo</source>
   <translation>Agogo</translation>
  </message>
  <message>
   <source>Steel Drums</source>
   <translation>Steel Drums</translation>
  </message>
  <message>
   <source>Woodblock</source>
   <translation>Holzblock</translation>
  </message>
  <message>
   <source>Taiko Drum</source>
   <translation>Taiko</translation>
  </message>
  <message>
   <source>Melodic Tom</source>
   <translation>Melodisches Tom</translation>
  </message>
  <message>
   <source>Synth Drum</source>
   <translation>Synth-Trommel</translation>
  </message>
  <message>
   <source>Reverse Cymbal</source>
   <translation>Becken rückwärts</translation>
  </message>
  <message>
   <source>Guitar Fret Noise</source>
   <translation>Griffgeräusch</translation>
  </message>
  <message>
   <source>Breath Noise</source>
   <translation>Atemgeräusch</translation>
  </message>
  <message>
   <source>Seashore</source>
   <translation>Meeresrauschen</translation>
  </message>
  <message>
   <source>Bird Tweet</source>
   <translation>Vogelgezwitscher</translation>
  </message>
  <message>
   <source>Telephone Ring</source>
   <translation>Telefonklingeln</translation>
  </message>
  <message>
   <source>Helicopter</source>
   <translation>Hubschrauber</translation>
  </message>
  <message>
   <source>Applause</source>
   <translation>Applaus</translation>
  </message>
  <message>
   <source>Gunshot</source>
   <translation>Schuss</translation>
  </message>
  <message>
   <source>Pianos</source>
   <translation>Klaviere</translation>
  </message>
  <message>
   <source>Mallets and Bells</source>
   <translation>Stabspiele und Glocken</translation>
  </message>
  <message>
   <source>Organs</source>
   <translation>Orgeln</translation>
  </message>
  <message>
   <source>Guitars</source>
   <translation>Gitarren</translation>
  </message>
  <message>
   <source>Basses</source>
   <translation>Bässe</translation>
  </message>
  <message>
   <source>Solo Strings</source>
   <translation>Streicher solo</translation>
  </message>
  <message>
   <source>Ensembles and Voices</source>
   <translation>Ensembles und Stimmen</translation>
  </message>
  <message>
   <source>Brass</source>
   <translation>Blechbläser</translation>
  </message>
  <message>
   <source>Reeds</source>
   <translation>Rohrblattinstrumente</translation>
  </message>
  <message>
   <source>Pipes</source>
   <translation>Flöten</translation>
  </message>
  <message>
   <source>Synth Leads</source>
   <translation>Synth-Leads</translation>
  </message>
  <message>
   <source>Synth Pads</source>
   <translation>Synth-Pads</translation>
  </message>
  <message>
   <source>Synth Effects</source>
   <translation>Synth-Effekte</translation>
  </message>
  <message>
   <source>Plucked and Folk</source>
   <translation>Gezupft und Folk</translation>
  </message>
  <message>
   <source>Percussive</source>
   <translation>Perkussiv</translation>
  </message>
  <message>
   <source>Sound Effects</source>
   <translation>Klangeffekte</translation>
  </message>
  <message>
   <source>High Q</source>
   <translation>High Q</translation>
  </message>
  <message>
   <source>Slap</source>
   <translation>Slap</translation>
  </message>
  <message>
   <source>Scratch push</source>
   <translation>Scratch vor</translation>
  </message>
  <message>
   <source>Scratch pull</source>
   <translation>Scratch zurück</translation>
  </message>
  <message>
   <source>Sticks</source>
   <translation>Stöcke</translation>
  </message>
  <message>
   <source>Square click</source>
   <translation>Rechteckklick</translation>
  </message>
  <message>
   <source>Metronome click</source>
   <translation>Metronomklick</translation>
  </message>
  <message>
   <source>Metronome bell</source>
   <translation>Metronomglocke</translation>
  </message>
  <message>
   <source>Acoustic kick</source>
   <translation>Akustische Bassdrum</translation>
  </message>
  <message>
   <source>Hand clap</source>
   <translation>Händeklatschen</translation>
  </message>
  <message>
   <source>Electric snare</source>
   <translation>Elektronische Snare</translation>
  </message>
  <message>
   <source>Low floor tom</source>
   <translation>Tiefes Standtom</translation>
  </message>
  <message>
   <source>Pedal hi-hat</source>
   <translation>Hi-Hat, Pedal</translation>
  </message>
  <message>
   <source>Low tom 2</source>
   <translation>Tiefes Tom 2</translation>
  </message>
  <message>
   <source>High-mid tom</source>
   <translation>Hohes mittleres Tom</translation>
  </message>
  <message>
   <source>China cymbal</source>
   <translation>China-Becken</translation>
  </message>
  <message>
   <source>Ride bell</source>
   <translation>Ride, Kuppe</translation>
  </message>
  <message>
   <source>Tambourine</source>
   <translation>Tamburin</translation>
  </message>
  <message>
   <source>Splash</source>
   <translation>Splash</translation>
  </message>
  <message>
   <source>Cowbell</source>
   <translation>Kuhglocke</translation>
  </message>
  <message>
   <source>Crash 2</source>
   <translation>Crash 2</translation>
  </message>
  <message>
   <source>Vibraslap</source>
   <translation>Vibraslap</translation>
  </message>
  <message>
   <source>Ride 2</source>
   <translation>Ride 2</translation>
  </message>
  <message>
   <source>High bongo</source>
   <translation>Hohe Bongo</translation>
  </message>
  <message>
   <source>Low bongo</source>
   <translation>Tiefe Bongo</translation>
  </message>
  <message>
   <source>Muted conga</source>
   <translation>Gedämpfte Conga</translation>
  </message>
  <message>
   <source>Open conga</source>
   <translation>Offene Conga</translation>
  </message>
  <message>
   <source>Low conga</source>
   <translation>Tiefe Conga</translation>
  </message>
  <message>
   <source>High timbale</source>
   <translation>Hohe Timbale</translation>
  </message>
  <message>
   <source>Low timbale</source>
   <translation>Tiefe Timbale</translation>
  </message>
  <message>
   <source>High agogo</source>
   <translation>Hohe Agogo</translation>
  </message>
  <message>
   <source>Low agogo</source>
   <translation>Tiefe Agogo</translation>
  </message>
  <message>
   <source>Cabasa</source>
   <translation>Cabasa</translation>
  </message>
  <message>
   <source>Maracas</source>
   <translation>Maracas</translation>
  </message>
  <message>
   <source>Short whistle</source>
   <translation>Kurze Pfeife</translation>
  </message>
  <message>
   <source>Long whistle</source>
   <translation>Lange Pfeife</translation>
  </message>
  <message>
   <source>Short guiro</source>
   <translation>Kurzer Guiro</translation>
  </message>
  <message>
   <source>Long guiro</source>
   <translation>Langer Guiro</translation>
  </message>
  <message>
   <source>Claves</source>
   <translation>Claves</translation>
  </message>
  <message>
   <source>High wood block</source>
   <translation>Hoher Holzblock</translation>
  </message>
  <message>
   <source>Low wood block</source>
   <translation>Tiefer Holzblock</translation>
  </message>
  <message>
   <source>Muted cuica</source>
   <translation>Gedämpfte Cuica</translation>
  </message>
  <message>
   <source>Open cuica</source>
   <translation>Offene Cuica</translation>
  </message>
  <message>
   <source>Muted triangle</source>
   <translation>Gedämpfte Triangel</translation>
  </message>
  <message>
   <source>Open triangle</source>
   <translation>Offene Triangel</translation>
  </message>
  <message>
   <source>Shaker</source>
   <translation>Shaker</translation>
  </message>
  <message>
   <source>Jingle bell</source>
   <translation>Schellen</translation>
  </message>
  <message>
   <source>Bell tree</source>
   <translation>Glockenbaum</translation>
  </message>
  <message>
   <source>Castanets</source>
   <translation>Kastagnetten</translation>
  </message>
  <message>
   <source>Muted surdo</source>
   <translation>Gedämpfter Surdo</translation>
  </message>
  <message>
   <source>Open surdo</source>
   <translation>Offener Surdo</translation>
  </message>
  <message>
   <source>Kick</source>
   <translation>Bassdrum</translation>
  </message>
  <message>
   <source>Snare</source>
   <translation>Snare</translation>
  </message>
  <message>
   <source>Side stick</source>
   <translation>Side-Stick</translation>
  </message>
  <message>
   <source>Closed hi-hat</source>
   <translation>Hi-Hat zu</translation>
  </message>
  <message>
   <source>Open hi-hat</source>
   <translation>Hi-Hat offen</translation>
  </message>
  <message>
   <source>Low tom</source>
   <translation>Tiefes Tom</translation>
  </message>
  <message>
   <source>Mid tom</source>
   <translation>Mittleres Tom</translation>
  </message>
  <message>
   <source>High tom</source>
   <translation>Hohes Tom</translation>
  </message>
  <message>
   <source>Ride</source>
   <translation>Ride</translation>
  </message>
  <message>
   <source>Crash</source>
   <translation>Crash</translation>
  </message>
  <message numerus="yes">
   <source>%n single notes</source>
   <translation>
    <numerusform>%n einzelne Note</numerusform>
    <numerusform>%n einzelne Noten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n recordings</source>
   <translation>
    <numerusform>%n Aufnahme</numerusform>
    <numerusform>%n Aufnahmen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>About %n minutes left</source>
   <translation>
    <numerusform>Noch etwa %n Minute</numerusform>
    <numerusform>Noch etwa %n Minuten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n seconds</source>
   <translation>
    <numerusform>%n Sekunde</numerusform>
    <numerusform>%n Sekunden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n minutes</source>
   <translation>
    <numerusform>%n Minute</numerusform>
    <numerusform>%n Minuten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n beats tapped</source>
   <translation>
    <numerusform>%n Schlag getippt</numerusform>
    <numerusform>%n Schläge getippt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n recordings will be written to {file}</source>
   <translation>
    <numerusform>%n Aufnahme wird nach {file} geschrieben</numerusform>
    <numerusform>%n Aufnahmen werden nach {file} geschrieben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Exporting %n files</source>
   <translation>
    <numerusform>%n Datei wird exportiert</numerusform>
    <numerusform>%n Dateien werden exportiert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files could not be written</source>
   <translation>
    <numerusform>%n Datei konnte nicht geschrieben werden</numerusform>
    <numerusform>%n Dateien konnten nicht geschrieben werden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n notes</source>
   <translation>
    <numerusform>%n Note</numerusform>
    <numerusform>%n Noten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n files already exist:</source>
   <translation>
    <numerusform>%n Datei gibt es schon:</numerusform>
    <numerusform>%n Dateien gibt es schon:</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>For how long, in %n passages</source>
   <translation>
    <numerusform>Wie lange, in %n Passage</numerusform>
    <numerusform>Wie lange, in %n Passagen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>The computer was too busy and lost sound in %n places.</source>
   <translation>
    <numerusform>Der Rechner war zu beschäftigt; an %n Stelle fehlt Klang.</numerusform>
    <numerusform>Der Rechner war zu beschäftigt; an %n Stellen fehlt Klang.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Your keyboard is being recorded, too: %n keys so far.</source>
   <translation>
    <numerusform>Ihr Keyboard wird mit aufgenommen: bisher %n Taste.</numerusform>
    <numerusform>Ihr Keyboard wird mit aufgenommen: bisher %n Tasten.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n threads</source>
   <translation>
    <numerusform>%n Thread</numerusform>
    <numerusform>%n Threads</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n candidates</source>
   <translation>
    <numerusform>%n Kandidat</numerusform>
    <numerusform>%n Kandidaten</numerusform>
   </translation>
  </message>
  <message>
   <source>Cannot create {0}: {1}</source>
   <translation>{0} kann nicht angelegt werden: {1}</translation>
  </message>
  <message>
   <source>choose another name, or another folder</source>
   <translation>wählen Sie einen anderen Namen oder Ordner</translation>
  </message>
  <message>
   <source>{0} already exists</source>
   <translation>{0} gibt es schon</translation>
  </message>
  <message>
   <source>use --overwrite</source>
   <translation>verwenden Sie --overwrite</translation>
  </message>
  <message>
   <source>Cannot create {0}: it is a folder</source>
   <translation>{0} kann nicht angelegt werden: Es ist ein Ordner</translation>
  </message>
  <message>
   <source>choose another name</source>
   <translation>wählen Sie einen anderen Namen</translation>
  </message>
  <message>
   <source>Cannot create {0}: no folder {1}</source>
   <translation>{0} kann nicht angelegt werden: Es gibt keinen Ordner {1}</translation>
  </message>
  <message>
   <source>create the folder, or choose another one</source>
   <translation>legen Sie den Ordner an, oder wählen Sie einen anderen</translation>
  </message>
  <message>
   <source>Cannot write {0}: {1}</source>
   <translation>{0} kann nicht geschrieben werden: {1}</translation>
  </message>
  <message>
   <source>choose another disk</source>
   <translation>wählen Sie ein anderes Laufwerk</translation>
  </message>
  <message>
   <source>choose another folder, or change the permissions</source>
   <translation>wählen Sie einen anderen Ordner, oder ändern Sie die Zugriffsrechte</translation>
  </message>
  <message>
   <source>choose a shorter name</source>
   <translation>wählen Sie einen kürzeren Namen</translation>
  </message>
  <message>
   <source>Cannot create {0}: {1} does not accept files</source>
   <translation>{0} kann nicht angelegt werden: {1} nimmt keine Dateien auf</translation>
  </message>
  <message>
   <source>choose another folder</source>
   <translation>wählen Sie einen anderen Ordner</translation>
  </message>
  <message>
   <source>free some space, or choose another disk</source>
   <translation>schaffen Sie Platz, oder wählen Sie ein anderes Laufwerk</translation>
  </message>
  <message>
   <source>{0} has timestamps that jump {1} near {2} s; the parts before and after are joined</source>
   <translation>{0} hat Zeitmarken, die bei {2} s {1} springen; was folgt, wird dort angeschlossen</translation>
  </message>
  <message>
   <source>{0} is damaged{1}; what can be read is used</source>
   <translation>{0} ist{1} beschädigt; verwendet wird, was lesbar ist</translation>
  </message>
  <message>
   <source>{0} contains no sound track</source>
   <translation>{0} enthält keine Tonspur</translation>
  </message>
  <message>
   <source>choose a file with sound</source>
   <translation>wählen Sie eine Datei mit Ton</translation>
  </message>
  <message>
   <source>{0} is encoded in a format that cannot be read</source>
   <translation>{0} ist in einem Format kodiert, das nicht gelesen werden kann</translation>
  </message>
  <message>
   <source>convert it to WAV or FLAC</source>
   <translation>wandeln Sie die Datei in WAV oder FLAC um</translation>
  </message>
  <message>
   <source>no channels</source>
   <translation>keine Kanäle</translation>
  </message>
  <message>
   <source>no packet could be decoded</source>
   <translation>kein einziges Paket ließ sich dekodieren</translation>
  </message>
  <message>
   <source>{0} holds samples of an unknown type, {1}</source>
   <translation>{0} enthält Samples unbekannter Art, {1}</translation>
  </message>
  <message>
   <source>back</source>
   <translation>zurück</translation>
  </message>
  <message>
   <source>by more than a day</source>
   <translation>um mehr als einen Tag</translation>
  </message>
  <message>
   <source> near {0} s</source>
   <translation> bei {0} s</translation>
  </message>
  <message>
   <source>no link could be decoded</source>
   <translation>kein einziges Stück ließ sich dekodieren</translation>
  </message>
  <message>
   <source>{0} is damaged in one of the recordings that were joined into it</source>
   <translation>{0} ist in einer der Aufnahmen beschädigt, aus denen die Datei zusammengefügt ist</translation>
  </message>
  <message>
   <source>{0} contains no audio</source>
   <translation>{0} enthält keinen Ton</translation>
  </message>
  <message>
   <source>check whether another program can play it</source>
   <translation>prüfen Sie, ob ein anderes Programm sie abspielen kann</translation>
  </message>
  <message>
   <source>{0} has {1} channels, and at most {2} can be read</source>
   <translation>{0} hat {1} Kanäle; höchstens {2} können gelesen werden</translation>
  </message>
  <message>
   <source>mix it down first</source>
   <translation>mischen Sie die Datei zuerst ab</translation>
  </message>
  <message>
   <source>{0} has a sample rate of {1} Hz, outside 1 kHz to 768 kHz</source>
   <translation>{0} hat eine Abtastrate von {1} Hz, außerhalb von 1 kHz bis 768 kHz</translation>
  </message>
  <message>
   <source>its header may be damaged; check whether another program can play it</source>
   <translation>der Kopf der Datei ist vielleicht beschädigt; prüfen Sie, ob ein anderes Programm sie abspielen kann</translation>
  </message>
  <message>
   <source>several input devices match {0}</source>
   <translation>mehrere Eingänge passen zu {0}</translation>
  </message>
  <message>
   <source>there are {0}; choose one by its number, or add what comes after the comma</source>
   <translation>vorhanden sind {0}; nennen Sie einen mit seiner Nummer oder mit dem, was nach dem Komma steht</translation>
  </message>
  <message>
   <source>no recording device was found</source>
   <translation>kein Aufnahmegerät gefunden</translation>
  </message>
  <message>
   <source>is a microphone plugged in?</source>
   <translation>ist ein Mikrofon angeschlossen?</translation>
  </message>
  <message>
   <source>no input device is called {0}</source>
   <translation>kein Eingang heißt {0}</translation>
  </message>
  <message>
   <source>there are {0}</source>
   <translation>vorhanden sind {0}</translation>
  </message>
  <message>
   <source>{0} has no input {1}</source>
   <translation>{0} hat keinen Eingang {1}</translation>
  </message>
  <message>
   <source>its inputs are 1 to {0}</source>
   <translation>die Eingänge sind 1 bis {0}</translation>
  </message>
  <message>
   <source>another program may be using it, or the system may not allow recording</source>
   <translation>vielleicht verwendet ihn ein anderes Programm, oder das System erlaubt das Aufnehmen nicht</translation>
  </message>
  <message>
   <source>the sound devices cannot be listed: {0}</source>
   <translation>die Audiogeräte lassen sich nicht auflisten: {0}</translation>
  </message>
  <message>
   <source>check the sound settings of the system, and try again</source>
   <translation>prüfen Sie die Toneinstellungen des Systems, und versuchen Sie es noch einmal</translation>
  </message>
  <message>
   <source>{0}; {1} and {2} Hz were tried</source>
   <translation>{0}; {1} und {2} Hz wurden versucht</translation>
  </message>
  <message>
   <source>check whether the sound settings of the system show a level for it, or choose another input</source>
   <translation>prüfen Sie, ob die Klangeinstellungen des Systems einen Pegel zeigen, oder wählen Sie einen anderen Eingang</translation>
  </message>
  <message>
   <source>the sound library PortAudio is not installed</source>
   <translation>die Audiobibliothek PortAudio ist nicht installiert</translation>
  </message>
  <message>
   <source>on Debian: libportaudio2</source>
   <translation>unter Debian: libportaudio2</translation>
  </message>
  <message>
   <source>the package sounddevice is not installed</source>
   <translation>das Paket sounddevice ist nicht installiert</translation>
  </message>
  <message>
   <source>pip install sounddevice</source>
   <translation>pip install sounddevice</translation>
  </message>
  <message>
   <source>the sound system does not work: {0}</source>
   <translation>das Audiosystem arbeitet nicht: {0}</translation>
  </message>
  <message>
   <source>{0} does not exist</source>
   <translation>{0} ist nicht da</translation>
  </message>
  <message>
   <source>check the path</source>
   <translation>prüfen Sie den Pfad</translation>
  </message>
  <message>
   <source>{0} is an address</source>
   <translation>{0} ist eine Adresse</translation>
  </message>
  <message>
   <source>name the file by its path</source>
   <translation>nennen Sie die Datei mit ihrem Pfad</translation>
  </message>
  <message>
   <source>{0} is an address, and nothing is downloaded</source>
   <translation>{0} ist eine Adresse, und es wird nichts heruntergeladen</translation>
  </message>
  <message>
   <source>save the file first</source>
   <translation>speichern Sie zuerst die Datei</translation>
  </message>
  <message>
   <source>{0} is empty: 0 bytes</source>
   <translation>{0} ist leer: 0 Byte</translation>
  </message>
  <message>
   <source>copy or record it again</source>
   <translation>kopieren Sie sie noch einmal, oder nehmen Sie sie neu auf</translation>
  </message>
  <message>
   <source>{0} cannot be read by this user</source>
   <translation>{0} darf von diesem Benutzer nicht gelesen werden</translation>
  </message>
  <message>
   <source>check its permissions</source>
   <translation>prüfen Sie die Zugriffsrechte</translation>
  </message>
  <message>
   <source>{0} cannot be opened: {1}</source>
   <translation>{0} kann nicht geöffnet werden: {1}</translation>
  </message>
  <message>
   <source>check the disk, and try again</source>
   <translation>prüfen Sie das Laufwerk, und versuchen Sie es noch einmal</translation>
  </message>
  <message>
   <source>{0} has an invalid sample (infinite or not a number) at {1} s</source>
   <translation>{0} enthält bei {1} s ein Sample, das keine Zahl oder unendlich ist</translation>
  </message>
  <message>
   <source>export it again from the program that made it</source>
   <translation>exportieren Sie die Datei noch einmal aus dem Programm, das sie gemacht hat</translation>
  </message>
  <message>
   <source>{0} ends before {1} s, where reading was to start</source>
   <translation>{0} endet vor {1} s, wo das Lesen beginnen sollte</translation>
  </message>
  <message>
   <source>it is {0} s long</source>
   <translation>sie ist {0} s lang</translation>
  </message>
  <message>
   <source>{0} is silent; check that it is the recording you meant</source>
   <translation>{0} ist stumm; prüfen Sie, ob es die gemeinte Aufnahme ist</translation>
  </message>
  <message>
   <source>{0} ends at {1} s, but its header says {2} s; what is there is used</source>
   <translation>{0} endet bei {1} s, obwohl der Kopf der Datei {2} s ankündigt; verwendet wird, was da ist</translation>
  </message>
  <message>
   <source>{0} is cut off: shorter than its header says; what is there is used</source>
   <translation>{0} ist abgeschnitten: kürzer, als der Kopf der Datei sagt; verwendet wird, was da ist</translation>
  </message>
  <message>
   <source>{0}; what can be read is used</source>
   <translation>{0}; verwendet wird, was lesbar ist</translation>
  </message>
  <message>
   <source>{0} cannot be read as audio</source>
   <translation>{0} lässt sich nicht als Audio lesen</translation>
  </message>
  <message>
   <source>it is damaged, or not a sound file; check whether another program can play it</source>
   <translation>sie ist beschädigt oder keine Audiodatei; prüfen Sie, ob ein anderes Programm sie abspielen kann</translation>
  </message>
  <message>
   <source>{0} has {1} sound tracks, but no track {2}</source>
   <translation>{0} hat {1} Tonspuren und keine Spur {2}</translation>
  </message>
  <message>
   <source>{0} is a project, not a recording</source>
   <translation>{0} ist ein Projekt, keine Aufnahme</translation>
  </message>
  <message>
   <source>open it in the window and export there</source>
   <translation>öffnen Sie es im Fenster und exportieren Sie dort</translation>
  </message>
  <message>
   <source>{0} already contains notes, but no sound to transcribe</source>
   <translation>{0} enthält schon Noten, aber keinen Ton zum Transkribieren</translation>
  </message>
  <message>
   <source>open the recording instead</source>
   <translation>öffnen Sie stattdessen die Aufnahme</translation>
  </message>
  <message>
   <source>{0} is MIDI or MusicXML: it already contains notes, but no sound to transcribe</source>
   <translation>{0} ist MIDI oder MusicXML: Die Datei enthält schon Noten, aber keinen Ton zum Transkribieren</translation>
  </message>
  <message>
   <source>open a recording of the piece instead; this file can serve as its score in Adapt &gt; My Instrument</source>
   <translation>öffnen Sie stattdessen eine Aufnahme davon; die Datei selbst kann als Noten zu dieser Aufnahme helfen, unter Anpassen &gt; Mein Instrument</translation>
  </message>
  <message>
   <source>no link can be read</source>
   <translation>kein einziges Stück ist lesbar</translation>
  </message>
  <message>
   <source>{0} has one sound track, but no track {1}</source>
   <translation>{0} hat eine Tonspur und keine Spur {1}</translation>
  </message>
  <message>
   <source>{0} is damaged in one of the recordings joined into it</source>
   <translation>{0} ist in einer der Aufnahmen beschädigt, aus denen die Datei zusammengefügt ist</translation>
  </message>
  <message>
   <source>{0} holds {1} s of sound, but its header says {2} s; all of it is read</source>
   <translation>{0} enthält {1} s Klang, obwohl der Kopf der Datei {2} s ankündigt; alles wird gelesen</translation>
  </message>
  <message>
   <source>{0} has {1} sound tracks: {2}; track {3} is used{4}, and another can be chosen (--track N, or “Sound Track” in the menu of its row)</source>
   <translation>{0} hat {1} Tonspuren: {2}; verwendet wird Spur {3}{4}, eine andere lässt sich wählen („Tonspur“ im Menü der Zeile)</translation>
  </message>
  <message>
   <source>{0} is protected against copying ({1}) and cannot be read</source>
   <translation>{0} ist kopiergeschützt ({1}) und kann nicht gelesen werden</translation>
  </message>
  <message>
   <source>it plays only in the program that it was bought for; use a copy without protection</source>
   <translation>die Datei lässt sich nur in dem Programm wiedergeben, für das sie gekauft wurde; verwenden Sie eine Kopie ohne Schutz</translation>
  </message>
  <message>
   <source>cannot create {0}: {1}</source>
   <translation>{0} kann nicht angelegt werden: {1}</translation>
  </message>
  <message>
   <source>{0} reports a sample rate of {1} Hz, but delivers {2} Hz</source>
   <translation>{0} meldet eine Abtastrate von {1} Hz, liefert aber {2} Hz</translation>
  </message>
  <message>
   <source>{0}: pitch and times of this take may be wrong. Choose another rate in the sound settings of the system, or another input</source>
   <translation>{0}: Tonhöhe und Zeiten dieses Takes können falsch sein. Wählen Sie in den Klangeinstellungen des Systems eine andere Abtastrate, oder einen anderen Eingang</translation>
  </message>
  <message>
   <source>{0}: the recording is kept at {1} Hz. If it sounds too high or too low, choose another input</source>
   <translation>{0}: Die Aufnahme wird mit {1} Hz gespeichert. Klingt sie zu hoch oder zu tief, wählen Sie einen anderen Eingang</translation>
  </message>
  <message>
   <source>landed off sample {0}</source>
   <translation>neben Sample {0} gelandet</translation>
  </message>
  <message>
   <source>takes cannot be written to {0}: {1}</source>
   <translation>Takes können nicht nach {0} geschrieben werden: {1}</translation>
  </message>
  <message>
   <source>choose another folder, or allow writing to this one</source>
   <translation>wählen Sie einen anderen Ordner, oder erlauben Sie das Schreiben in diesen</translation>
  </message>
  <message>
   <source>{0} was not recorded with this program</source>
   <translation>{0} ist keine Aufnahme dieses Programms</translation>
  </message>
  <message>
   <source>as chosen</source>
   <translation>so gewählt</translation>
  </message>
  <message>
   <source>there is no device called {0}</source>
   <translation>kein Gerät heißt {0}</translation>
  </message>
  <message>
   <source>auto, cpu, cuda, cuda:N or mps</source>
   <translation>auto, cpu, cuda, cuda:N oder mps</translation>
  </message>
  <message>
   <source>the fastest one here</source>
   <translation>das schnellste Gerät hier</translation>
  </message>
  <message>
   <source>the device cuda:{0} is not available: {1}</source>
   <translation>das Gerät cuda:{0} ist nicht da: {1}</translation>
  </message>
  <message>
   <source>try --device cpu</source>
   <translation>versuchen Sie --device cpu</translation>
  </message>
  <message>
   <source>the device mps is not available</source>
   <translation>das Gerät mps ist nicht da</translation>
  </message>
  <message>
   <source>no graphics processor that can be used</source>
   <translation>kein verwendbarer Grafikprozessor</translation>
  </message>
  <message>
   <source>the device {0} is not responding: {1}</source>
   <translation>das Gerät {0} antwortet nicht: {1}</translation>
  </message>
  <message>
   <source>the model {0} is not a beat tracker</source>
   <translation>das Modell {0} findet keine Schläge</translation>
  </message>
  <message>
   <source>see 'models list'</source>
   <translation>siehe „models list“</translation>
  </message>
  <message>
   <source>{0} ran out of memory; continuing with {1} {2} at a time</source>
   <translation>{0} hatte nicht genug Speicher; es geht mit je {1} {2} weiter</translation>
  </message>
  <message>
   <source>segment</source>
   <translation>Abschnitt</translation>
  </message>
  <message>
   <source>segments</source>
   <translation>Abschnitten</translation>
  </message>
  <message>
   <source>{0} has too little memory for the model</source>
   <translation>{0} hat zu wenig Speicher für das Modell</translation>
  </message>
  <message>
   <source>close other programs, or choose the CPU</source>
   <translation>schließen Sie andere Programme, oder wählen Sie den Prozessor</translation>
  </message>
  <message>
   <source>there is too little memory for this model</source>
   <translation>für dieses Modell ist zu wenig Speicher da</translation>
  </message>
  <message>
   <source>close other programs</source>
   <translation>schließen Sie andere Programme</translation>
  </message>
  <message>
   <source>{0} ran out of memory; continuing on the CPU, more slowly</source>
   <translation>{0} hatte nicht genug Speicher; es geht auf der CPU weiter, langsamer</translation>
  </message>
  <message>
   <source>{0} ran out of memory</source>
   <translation>{0} hatte nicht genug Speicher</translation>
  </message>
  <message>
   <source>the model produced invalid output near {0} s</source>
   <translation>das Modell lieferte bei {0} s ein ungültiges Ergebnis</translation>
  </message>
  <message>
   <source>the audio may be extremely loud; lower its level and try again</source>
   <translation>der Ton ist vielleicht extrem laut; senken Sie den Pegel, und versuchen Sie es noch einmal</translation>
  </message>
  <message>
   <source>the model {0} is not an instrument detector</source>
   <translation>das Modell {0} erkennt keine Instrumente</translation>
  </message>
  <message>
   <source>{0} contains no sound</source>
   <translation>{0} enthält keinen Klang</translation>
  </message>
  <message>
   <source>no engine is called {0}; installed: {1}</source>
   <translation>keine Engine heißt {0}; installiert: {1}</translation>
  </message>
  <message>
   <source>the engine {0} lacks a package</source>
   <translation>der Engine {0} fehlt ein Paket</translation>
  </message>
  <message>
   <source>pip install 'amtstudio[{0}]'</source>
   <translation>pip install 'amtstudio[{0}]'</translation>
  </message>
  <message>
   <source>the engine {0} cannot be loaded: {1}</source>
   <translation>die Engine {0} lässt sich nicht laden: {1}</translation>
  </message>
  <message>
   <source>the model {0} cannot be used: {1}</source>
   <translation>das Modell {0} ist nicht verwendbar: {1}</translation>
  </message>
  <message>
   <source>transkun failed: {0}</source>
   <translation>transkun ist gescheitert: {0}</translation>
  </message>
  <message>
   <source>transkun cannot be started with {0}: {1}</source>
   <translation>transkun lässt sich mit {0} nicht starten: {1}</translation>
  </message>
  <message>
   <source>set {0} to the Python that has it, or leave it unset</source>
   <translation>setzen Sie {0} auf das Python, das es hat, oder auf nichts</translation>
  </message>
  <message>
   <source>low</source>
   <translation>tief</translation>
  </message>
  <message>
   <source>high</source>
   <translation>hoch</translation>
  </message>
  <message>
   <source>the piano is tuned about halfway between two keys, {0}: all notes may come out a semitone too {1}. If they do, transpose them by one</source>
   <translation>das Klavier ist etwa zwischen zwei Tasten gestimmt, {0}: Alle Noten können einen Halbton zu {1} ausfallen. Transponieren Sie sie dann um einen Halbton</translation>
  </message>
  <message>
   <source>there are two tunings, {0}, and {1}; the recording is transcribed at the first, which covers more of it. Where notes come out a semitone off, transcribe that part on its own</source>
   <translation>zwei Stimmungen sind zu hören, {0}, und {1}; transkribiert wird in der ersten, die überwiegt. Wo Noten um einen Halbton danebenliegen, transkribieren Sie diesen Teil für sich</translation>
  </message>
  <message>
   <source>{0} cents {1} A = 440 Hz</source>
   <translation>{0} Cent {1} A = 440 Hz</translation>
  </message>
  <message>
   <source>above</source>
   <translation>über</translation>
  </message>
  <message>
   <source>below</source>
   <translation>unter</translation>
  </message>
  <message>
   <source>in tune with A = 440 Hz</source>
   <translation>gestimmt auf A = 440 Hz</translation>
  </message>
  <message>
   <source>{0} has an unsupported file type</source>
   <translation>{0} hat einen Dateityp, der nicht unterstützt wird</translation>
  </message>
  <message>
   <source>{0} needs the package {1}</source>
   <translation>{0} braucht das Paket {1}</translation>
  </message>
  <message>
   <source>pip install "amtstudio[{0}]"</source>
   <translation>pip install "amtstudio[{0}]"</translation>
  </message>
  <message>
   <source>{0}: the start, {1} s, is before 0 s</source>
   <translation>{0}: Der Anfang, {1} s, liegt vor 0 s</translation>
  </message>
  <message>
   <source>{0}: the end, {1} s, is not after the start, {2} s</source>
   <translation>{0}: Das Ende, {1} s, liegt nicht nach dem Anfang, {2} s</translation>
  </message>
  <message>
   <source>{0}: a time of {1} s is longer than a week</source>
   <translation>{0}: Eine Zeit von {1} s ist länger als eine Woche</translation>
  </message>
  <message>
   <source>{0} has more than {1} notes</source>
   <translation>{0} hat mehr als {1} Noten</translation>
  </message>
  <message>
   <source>a score needs the package verovio</source>
   <translation>eine Partitur braucht das Paket verovio</translation>
  </message>
  <message>
   <source>pip install "amtstudio[score]"</source>
   <translation>pip install "amtstudio[score]"</translation>
  </message>
  <message>
   <source>export MusicXML and open it in a notation program</source>
   <translation>exportieren Sie MusicXML und öffnen Sie es in einem Notensatzprogramm</translation>
  </message>
  <message>
   <source>{0} is larger than {1} MB</source>
   <translation>{0} ist größer als {1} MB</translation>
  </message>
  <message>
   <source>No permission to read {0}</source>
   <translation>Keine Berechtigung, {0} zu lesen</translation>
  </message>
  <message>
   <source>change its permissions</source>
   <translation>ändern Sie ihre Zugriffsrechte</translation>
  </message>
  <message>
   <source>There is no file {0}</source>
   <translation>Es gibt keine Datei {0}</translation>
  </message>
  <message>
   <source>{0} is a folder</source>
   <translation>{0} ist ein Ordner</translation>
  </message>
  <message>
   <source>Cannot read {0}: {1}</source>
   <translation>{0} kann nicht gelesen werden: {1}</translation>
  </message>
  <message>
   <source>{0} is not a regular file</source>
   <translation>{0} ist keine gewöhnliche Datei</translation>
  </message>
  <message>
   <source>{0} is not a MIDI file</source>
   <translation>{0} ist keine MIDI-Datei</translation>
  </message>
  <message>
   <source>{0} is a damaged MIDI file: it ends too early</source>
   <translation>{0} ist eine beschädigte MIDI-Datei: Sie endet zu früh</translation>
  </message>
  <message>
   <source>{0} is a MIDI file without tracks</source>
   <translation>{0} ist eine MIDI-Datei ohne Spuren</translation>
  </message>
  <message>
   <source>{0} is a damaged MIDI file: {1}</source>
   <translation>{0} ist eine beschädigte MIDI-Datei: {1}</translation>
  </message>
  <message>
   <source>a number without end</source>
   <translation>eine Zahl ohne Ende</translation>
  </message>
  <message>
   <source>it ends too early</source>
   <translation>sie endet zu früh</translation>
  </message>
  <message>
   <source>a running status without a status before it</source>
   <translation>ein Running Status ohne Status davor</translation>
  </message>
  <message>
   <source>there is no MIDI keyboard {0}; there are: {1}</source>
   <translation>es gibt kein MIDI-Keyboard {0}; vorhanden sind: {1}</translation>
  </message>
  <message>
   <source>several MIDI keyboards match {0}: {1}</source>
   <translation>mehrere MIDI-Keyboards passen zu {0}: {1}</translation>
  </message>
  <message>
   <source>give more of the name</source>
   <translation>nennen Sie mehr vom Namen</translation>
  </message>
  <message>
   <source>MIDI keyboards need the library python-rtmidi</source>
   <translation>MIDI-Keyboards brauchen die Bibliothek python-rtmidi</translation>
  </message>
  <message>
   <source>pip install "amtstudio[midi]", or record with the microphone alone</source>
   <translation>pip install "amtstudio[midi]", oder nehmen Sie nur mit dem Mikrofon auf</translation>
  </message>
  <message>
   <source>MIDI keyboards cannot be reached: {0}</source>
   <translation>MIDI-Keyboards sind nicht erreichbar: {0}</translation>
  </message>
  <message>
   <source>check that the system has MIDI, and that no other program is using the keyboard</source>
   <translation>prüfen Sie, ob das System MIDI hat und kein anderes Programm das Keyboard belegt</translation>
  </message>
  <message>
   <source>{0} holds several songs (MIDI format 2)</source>
   <translation>{0} enthält mehrere Stücke (MIDI-Format 2)</translation>
  </message>
  <message>
   <source>{0} is a damaged MIDI file: 0 ticks per quarter note</source>
   <translation>{0} ist eine beschädigte MIDI-Datei: 0 Ticks pro Viertel</translation>
  </message>
  <message>
   <source>{0} has no column {1} in its first line</source>
   <translation>{0} hat keine Spalte {1} in der ersten Zeile</translation>
  </message>
  <message>
   <source>it needs {0}, separated by commas, semicolons or tabs</source>
   <translation>nötig sind {0}, getrennt durch Kommas, Semikolons oder Tabulatoren</translation>
  </message>
  <message>
   <source>{0}: {1} is {2}, not a number</source>
   <translation>{0}: {1} ist {2}, keine Zahl</translation>
  </message>
  <message>
   <source>{0}: {1} is {2}, not a whole number</source>
   <translation>{0}: {1} ist {2}, keine ganze Zahl</translation>
  </message>
  <message>
   <source>{0} is not a valid CSV table: {1}</source>
   <translation>{0} ist keine gültige CSV-Tabelle: {1}</translation>
  </message>
  <message>
   <source>{0} has more cells than the first line has columns</source>
   <translation>{0} hat mehr Zellen, als die erste Zeile Spalten hat</translation>
  </message>
  <message>
   <source>with decimal commas, use another separator or put each number in quotes</source>
   <translation>Dezimalkommas brauchen ein anderes Trennzeichen, oder Anführungszeichen um jede Zahl</translation>
  </message>
  <message>
   <source>{0}: {1}, not seconds and cents such as 0.25:50</source>
   <translation>{0}: {1}, keine Sekunden und Cent wie 0.25:50</translation>
  </message>
  <message>
   <source>{0} is neither UTF-8 nor UTF-16 text</source>
   <translation>{0} ist weder UTF-8- noch UTF-16-Text</translation>
  </message>
  <message>
   <source>{0}: duration_s is {1}, which is negative</source>
   <translation>{0}: duration_s ist {1}, also negativ</translation>
  </message>
  <message>
   <source>{0}: {1} is {2}, not {3}</source>
   <translation>{0}: {1} ist {2}, nicht {3}</translation>
  </message>
  <message>
   <source>{0}: track is {1}, not one of the {2} listed, counted from 0</source>
   <translation>{0}: track ist {1}, keine der {2} aufgeführten Spuren, von 0 an gezählt</translation>
  </message>
  <message>
   <source>{0}: {1} is not a JSON object</source>
   <translation>{0}: {1} ist kein JSON-Objekt</translation>
  </message>
  <message>
   <source>{0}: {1} is missing</source>
   <translation>{0}: {1} fehlt</translation>
  </message>
  <message>
   <source>{0}: downbeats has {1}, which is not a beat</source>
   <translation>{0}: downbeats enthält {1}, das kein Schlag ist</translation>
  </message>
  <message>
   <source>{0} is not UTF-8 text</source>
   <translation>{0} ist kein UTF-8-Text</translation>
  </message>
  <message>
   <source>{0} is not valid JSON: {1}</source>
   <translation>{0} ist kein gültiges JSON: {1}</translation>
  </message>
  <message>
   <source>PDF needs the package reportlab</source>
   <translation>PDF braucht das Paket reportlab</translation>
  </message>
  <message>
   <source>there are no notes in {0}</source>
   <translation>in {0} sind keine Noten</translation>
  </message>
  <message>
   <source>choose another score</source>
   <translation>wählen Sie eine andere Partitur</translation>
  </message>
  <message>
   <source>reading MusicXML needs the library partitura</source>
   <translation>MusicXML zu lesen braucht die Bibliothek partitura</translation>
  </message>
  <message>
   <source>pip install "amtstudio[score]", or export the score as MIDI</source>
   <translation>pip install "amtstudio[score]", oder exportieren Sie die Partitur als MIDI</translation>
  </message>
  <message>
   <source>{0} cannot be read as a score: {1}</source>
   <translation>{0} lässt sich nicht als Partitur lesen: {1}</translation>
  </message>
  <message>
   <source>export it from the notation program once more, or as MIDI</source>
   <translation>exportieren Sie sie noch einmal aus dem Notensatzprogramm, oder als MIDI</translation>
  </message>
  <message>
   <source>the model {0} cannot learn from recordings</source>
   <translation>das Modell {0} kann nicht aus Aufnahmen lernen</translation>
  </message>
  <message>
   <source>choose another model</source>
   <translation>wählen Sie ein anderes Modell</translation>
  </message>
  <message>
   <source>drums cannot be learned from scores</source>
   <translation>Schlagzeug wird nicht aus Partituren gelernt</translation>
  </message>
  <message>
   <source>correct the hits in the drum lane instead</source>
   <translation>berichtigen Sie stattdessen die Schläge in der Schlagzeugzeile</translation>
  </message>
  <message>
   <source>{0} does not name a recording</source>
   <translation>{0} nennt keine Aufnahme</translation>
  </message>
  <message>
   <source>the recording of {0} is missing: {1}</source>
   <translation>die Aufnahme von {0} ist nicht da: {1}</translation>
  </message>
  <message>
   <source>open the project and choose the recording</source>
   <translation>öffnen Sie das Projekt und wählen Sie die Aufnahme</translation>
  </message>
  <message>
   <source>{0} is not the recording that {1} was made from</source>
   <translation>{0} ist nicht die Aufnahme, aus der {1} entstanden ist</translation>
  </message>
  <message>
   <source>its content differs: open the project and say where the recording is</source>
   <translation>der Inhalt ist ein anderer: Öffnen Sie das Projekt und sagen Sie, wo die Aufnahme ist</translation>
  </message>
  <message>
   <source>the profile {0} was not made from {1}; it was made from: {2}</source>
   <translation>das Profil {0} ist nicht aus {1} entstanden, sondern aus: {2}</translation>
  </message>
  <message>
   <source>the profile {0} was made from {1} recordings called {2}</source>
   <translation>das Profil {0} kennt {1} Aufnahmen namens {2}</translation>
  </message>
  <message>
   <source>name one by its path, or by its checksum in 'profiles show'</source>
   <translation>nennen Sie eine mit ihrem Pfad oder mit ihrer Prüfsumme aus „profiles show“</translation>
  </message>
  <message>
   <source>an adaptation for {0} is running</source>
   <translation>eine Anpassung für {0} läuft gerade</translation>
  </message>
  <message>
   <source>stop it first</source>
   <translation>beenden Sie sie zuerst</translation>
  </message>
  <message>
   <source>the instrument detector does not learn from scores</source>
   <translation>die Instrumentenerkennung lernt nicht aus Partituren</translation>
  </message>
  <message>
   <source>mark in a project which instruments are heard, and which are not</source>
   <translation>markieren Sie in einem Projekt, welche Instrumente zu hören sind und welche nicht</translation>
  </message>
  <message>
   <source>{0} is too short to learn from</source>
   <translation>{0} ist zu kurz, um daraus zu lernen</translation>
  </message>
  <message>
   <source>learning takes minutes of music, not seconds</source>
   <translation>es braucht Minuten, nicht Sekunden</translation>
  </message>
  <message>
   <source>{0} is not the recording that was corrected</source>
   <translation>{0} ist nicht die Aufnahme, die berichtigt wurde</translation>
  </message>
  <message>
   <source>the bundled music for the fine-tuning cannot be read</source>
   <translation>die mitgelieferte Musik für die Feinabstimmung lässt sich nicht lesen</translation>
  </message>
  <message>
   <source>reinstall the program</source>
   <translation>installieren Sie das Programm neu</translation>
  </message>
  <message>
   <source>there is already a profile {0}</source>
   <translation>es gibt schon ein Profil {0}</translation>
  </message>
  <message>
   <source>there is no request for an adaptation in {0}</source>
   <translation>in {0} gibt es keinen Auftrag für eine Anpassung</translation>
  </message>
  <message>
   <source>wait for it, or stop it</source>
   <translation>warten Sie darauf, oder beenden Sie sie</translation>
  </message>
  <message>
   <source>there is no stopped adaptation for {0}</source>
   <translation>für {0} gibt es keine angehaltene Anpassung</translation>
  </message>
  <message>
   <source>leave out --resume to begin one</source>
   <translation>lassen Sie --resume weg, um eine zu beginnen</translation>
  </message>
  <message>
   <source>the settings of the stopped adaptation for {0} cannot be read</source>
   <translation>der Auftrag der angehaltenen Anpassung für {0} lässt sich nicht lesen</translation>
  </message>
  <message>
   <source>begin again without --resume; your recordings and model are unchanged</source>
   <translation>beginnen Sie neu, ohne --resume; Ihre Aufnahmen und Ihr Modell sind unverändert</translation>
  </message>
  <message>
   <source>the stopped adaptation for {0} was started with other options</source>
   <translation>die angehaltene Anpassung für {0} wurde mit anderen Optionen begonnen</translation>
  </message>
  <message>
   <source>name the same recordings, minutes, model and teacher, or begin again</source>
   <translation>nennen Sie dieselben Aufnahmen, Minuten, dasselbe Modell und denselben Lehrer, oder beginnen Sie neu</translation>
  </message>
  <message>
   <source>{0} is not all that is played in {1}: {2} % of the notes that are clearly heard are not in it</source>
   <translation>{0} enthält nicht alles, was in {1} gespielt wird: {2} % der deutlich zu hörenden Noten fehlen darin</translation>
  </message>
  <message>
   <source>use a score with all parts and both hands</source>
   <translation>nehmen Sie eine Partitur mit allen Stimmen und beiden Händen</translation>
  </message>
  <message>
   <source>{0} does not fit {1}: {2} % of its notes are found where they should be, in {3} % of the recording; at least {4} % and {5} % are needed</source>
   <translation>{0} passt nicht zu {1}: {2} % der Noten wurden dort gefunden, wo sie sein sollten, in {3} % der Aufnahme; nötig sind {4} % und {5} %</translation>
  </message>
  <message>
   <source>check that it is this piece, in this key and with its repeats as played</source>
   <translation>prüfen Sie, ob es dieses Stück ist, in dieser Tonart und mit den gespielten Wiederholungen</translation>
  </message>
  <message>
   <source>{0} cannot teach drums</source>
   <translation>{0} kann Schlagzeug nicht lehren</translation>
  </message>
  <message>
   <source>leave out the teacher, or choose the ensemble</source>
   <translation>lassen Sie den Lehrer weg, oder wählen Sie das Ensemble</translation>
  </message>
  <message>
   <source>the model {0} works at {1} Hz and cannot teach one that works at {2} Hz</source>
   <translation>das Modell {0} arbeitet mit {1} Hz und kann keines lehren, das mit {2} Hz arbeitet</translation>
  </message>
  <message>
   <source>the model card {0}</source>
   <translation>die Modellkarte {0}</translation>
  </message>
  <message>
   <source>{0} lacks {1}</source>
   <translation>{0} fehlt {1}</translation>
  </message>
  <message>
   <source>{0} has unknown keys: {1}</source>
   <translation>{0} hat unbekannte Schlüssel: {1}</translation>
  </message>
  <message>
   <source>the model card is not valid: {0}</source>
   <translation>Die Karte des Modells ist ungültig: {0}</translation>
  </message>
  <message>
   <source>the model card asks for an unknown decoder: {0}</source>
   <translation>die Modellkarte verlangt einen unbekannten Decoder: {0}</translation>
  </message>
  <message>
   <source>the model card is not valid JSON: {0}</source>
   <translation>die Modellkarte ist kein gültiges JSON: {0}</translation>
  </message>
  <message>
   <source>the model {0} is not a transcription model</source>
   <translation>das Modell {0} transkribiert nicht</translation>
  </message>
  <message>
   <source>it lacks {0} tensors, such as {1}</source>
   <translation>es fehlen {0} Tensoren, darunter {1}</translation>
  </message>
  <message>
   <source>it has {0} tensors too many, such as {1}</source>
   <translation>{0} Tensoren sind zu viel, etwa {1}</translation>
  </message>
  <message>
   <source>its card says {0} Hz and hop {1}, its config {2} Hz and {3}</source>
   <translation>die Karte nennt {0} Hz und Schritt {1}, die Konfiguration {2} Hz und {3}</translation>
  </message>
  <message>
   <source>its card names the decoder {0}, but it needs {1}</source>
   <translation>die Karte nennt den Decoder {0}, nötig ist {1}</translation>
  </message>
  <message>
   <source>{0} has shape {1} instead of {2}</source>
   <translation>{0} hat die Form {1} statt {2}</translation>
  </message>
  <message>
   <source>{0} has type {1} instead of {2}</source>
   <translation>{0} hat den Typ {1} statt {2}</translation>
  </message>
  <message>
   <source>{0} holds values that are not finite</source>
   <translation>{0} enthält Werte, die nicht endlich sind</translation>
  </message>
  <message>
   <source>cannot load the model {0}: {1}</source>
   <translation>das Modell {0} lässt sich nicht laden: {1}</translation>
  </message>
  <message>
   <source>its header does not describe the tensor {0}</source>
   <translation>der Kopf beschreibt den Tensor {0} nicht</translation>
  </message>
  <message>
   <source>cannot load the model {0}: it is not a regular file</source>
   <translation>das Modell {0} lässt sich nicht laden: Es ist keine gewöhnliche Datei</translation>
  </message>
  <message>
   <source>cannot load the model {0}: it is larger than {1} MB</source>
   <translation>das Modell {0} lässt sich nicht laden: Es ist größer als {1} MB</translation>
  </message>
  <message>
   <source>it is not a safetensors file, or is damaged</source>
   <translation>es ist keine safetensors-Datei, oder eine beschädigte</translation>
  </message>
  <message>
   <source>its header is not a table</source>
   <translation>der Kopf ist keine Tabelle</translation>
  </message>
  <message>
   <source>it holds no model card</source>
   <translation>es enthält keine Modellkarte</translation>
  </message>
  <message>
   <source>it was not made for this program</source>
   <translation>es wurde nicht für dieses Programm gemacht</translation>
  </message>
  <message>
   <source>cannot load the model {0}: it is a folder</source>
   <translation>das Modell {0} lässt sich nicht laden: Es ist ein Ordner</translation>
  </message>
  <message>
   <source>there is no model file {0}</source>
   <translation>es gibt keine Modelldatei {0}</translation>
  </message>
  <message>
   <source>cannot open the model {0}: {1}</source>
   <translation>das Modell {0} lässt sich nicht öffnen: {1}</translation>
  </message>
  <message>
   <source>cannot read the model {0}: {1}</source>
   <translation>das Modell {0} lässt sich nicht lesen: {1}</translation>
  </message>
  <message>
   <source>its header is not valid JSON: {0}</source>
   <translation>der Kopf ist kein gültiges JSON: {0}</translation>
  </message>
  <message>
   <source>there is no model {0}; shipped with the program: {1}</source>
   <translation>es gibt kein Modell {0}; mitgeliefert werden: {1}</translation>
  </message>
  <message>
   <source>there is no checksum for the model {0}</source>
   <translation>für das Modell {0} gibt es keine Prüfsumme</translation>
  </message>
  <message>
   <source>the model {0} is not the one that was shipped: its SHA-256 is {1}, not {2}</source>
   <translation>das Modell {0} ist nicht das mitgelieferte: Seine SHA-256 ist {1}, nicht {2}</translation>
  </message>
  <message>
   <source>cannot read the checksums of the models: {0}</source>
   <translation>die Prüfsummen der Modelle lassen sich nicht lesen: {0}</translation>
  </message>
  <message>
   <source>{0} has a line that is not a checksum: {1}</source>
   <translation>{0} hat eine Zeile, die keine Prüfsumme ist: {1}</translation>
  </message>
  <message>
   <source>cannot read the model file {0}: {1}</source>
   <translation>die Modelldatei {0} lässt sich nicht lesen: {1}</translation>
  </message>
  <message>
   <source>The sound device was unplugged or stopped responding</source>
   <translation>Das Audiogerät wurde abgezogen oder nimmt keinen Klang mehr an</translation>
  </message>
  <message>
   <source>The sound system is not responding: {0}</source>
   <translation>Das Audiosystem antwortet nicht: {0}</translation>
  </message>
  <message>
   <source>No sound: the PortAudio library is missing</source>
   <translation>Kein Ton: Die Bibliothek PortAudio fehlt</translation>
  </message>
  <message>
   <source>on Debian and Ubuntu, install the package libportaudio2</source>
   <translation>installieren Sie unter Debian und Ubuntu das Paket libportaudio2</translation>
  </message>
  <message>
   <source>No sound: this computer has no playback device</source>
   <translation>Kein Ton: Dieser Rechner hat kein Gerät für die Wiedergabe</translation>
  </message>
  <message>
   <source>Cannot play on {0}: {1}</source>
   <translation>Auf {0} lässt sich nicht wiedergeben: {1}</translation>
  </message>
  <message>
   <source>choose another sound device</source>
   <translation>wählen Sie ein anderes Audiogerät</translation>
  </message>
  <message>
   <source>The instruments for playback are incomplete: {0} cannot be read</source>
   <translation>Die Instrumente für die Wiedergabe sind unvollständig: {0} lässt sich nicht lesen</translation>
  </message>
  <message>
   <source>The sound was not ready in time</source>
   <translation>Der Klang war nicht rechtzeitig bereit</translation>
  </message>
  <message>
   <source>Playing stopped because of an error in the program</source>
   <translation>Die Wiedergabe endete wegen eines Fehlers im Programm</translation>
  </message>
  <message>
   <source>The SoundFont {0} is damaged</source>
   <translation>Die SoundFont {0} ist beschädigt</translation>
  </message>
  <message>
   <source>copy it again, or choose another</source>
   <translation>kopieren Sie sie noch einmal oder wählen Sie eine andere</translation>
  </message>
  <message>
   <source>{0} is not a SoundFont</source>
   <translation>{0} ist keine SoundFont</translation>
  </message>
  <message>
   <source>choose a file in the format SF2 or SF3</source>
   <translation>wählen Sie eine Datei im Format SF2 oder SF3</translation>
  </message>
  <message>
   <source>The SoundFont {0} was not found</source>
   <translation>Die SoundFont {0} wurde nicht gefunden</translation>
  </message>
  <message>
   <source>choose another in the preferences</source>
   <translation>wählen Sie in den Einstellungen eine andere</translation>
  </message>
  <message>
   <source>The SoundFont {0} cannot be read ({1})</source>
   <translation>Die SoundFont {0} kann nicht gelesen werden ({1})</translation>
  </message>
  <message>
   <source>check that you may read it, or choose another in the preferences</source>
   <translation>prüfen Sie, ob Sie sie lesen dürfen, oder wählen Sie in den Einstellungen eine andere</translation>
  </message>
  <message>
   <source>A sound of the SoundFont {0} cannot be read</source>
   <translation>Ein Klang der SoundFont {0} kann nicht gelesen werden</translation>
  </message>
  <message>
   <source>check that it is still there, or choose another in the preferences</source>
   <translation>sehen Sie nach, ob sie noch da ist, oder wählen Sie in den Einstellungen eine andere</translation>
  </message>
  <message>
   <source>the profile {0}</source>
   <translation>das Profil {0}</translation>
  </message>
  <message>
   <source>{0} is not a valid profile name</source>
   <translation>{0} kann kein Profilname sein</translation>
  </message>
  <message>
   <source>one line of up to {0} characters</source>
   <translation>eine Zeile mit höchstens {0} Zeichen</translation>
  </message>
  <message>
   <source>the name {0} must contain a letter or a digit</source>
   <translation>der Name {0} braucht einen Buchstaben oder eine Ziffer</translation>
  </message>
  <message>
   <source>the profile is damaged: {0}</source>
   <translation>das Profil ist beschädigt: {0}</translation>
  </message>
  <message>
   <source>there is no profile {0}; there are: {1}</source>
   <translation>es gibt kein Profil {0}; vorhanden sind: {1}</translation>
  </message>
  <message>
   <source>choose another name, or delete it first</source>
   <translation>wählen Sie einen anderen Namen, oder löschen Sie es zuerst</translation>
  </message>
  <message>
   <source>{0} holds another profile, which is also in {1}</source>
   <translation>{0} enthält ein anderes Profil, das auch in {1} liegt</translation>
  </message>
  <message>
   <source>move {0} away</source>
   <translation>schieben Sie {0} beiseite</translation>
  </message>
  <message>
   <source>the ledger of this profile has become too long</source>
   <translation>das Verzeichnis dieses Profils ist zu lang geworden</translation>
  </message>
  <message>
   <source>it is not a profile file</source>
   <translation>es ist keine Profildatei</translation>
  </message>
  <message>
   <source>cannot read the profile {0}: {1}</source>
   <translation>das Profil {0} lässt sich nicht lesen: {1}</translation>
  </message>
  <message>
   <source>the profile {0} transcribes and does not detect instruments</source>
   <translation>das Profil {0} transkribiert und erkennt keine Instrumente</translation>
  </message>
  <message>
   <source>use it with 'transcribe'</source>
   <translation>verwenden Sie es mit „transcribe“</translation>
  </message>
  <message>
   <source>the profile {0} detects instruments and does not transcribe</source>
   <translation>das Profil {0} erkennt Instrumente und transkribiert nicht</translation>
  </message>
  <message>
   <source>use it with 'instruments'</source>
   <translation>verwenden Sie es mit „instruments“</translation>
  </message>
  <message>
   <source>the profile {0} was made for another version of the model {1}</source>
   <translation>das Profil {0} wurde für eine andere Fassung des Modells {1} gemacht</translation>
  </message>
  <message>
   <source>make it again under the same name, from the same recordings: {0}</source>
   <translation>machen Sie es unter demselben Namen neu, aus dem, woraus es gelernt hat: {0}</translation>
  </message>
  <message>
   <source>cannot load the profile {0}: {1}</source>
   <translation>das Profil {0} lässt sich nicht laden: {1}</translation>
  </message>
  <message>
   <source>{0} is damaged: {1}</source>
   <translation>{0} ist beschädigt: {1}</translation>
  </message>
  <message>
   <source>open a backup of it</source>
   <translation>öffnen Sie eine Sicherungskopie davon</translation>
  </message>
  <message>
   <source>{0} is open in another window or process</source>
   <translation>{0} ist in einem anderen Fenster oder Prozess geöffnet</translation>
  </message>
  <message>
   <source>close it there first</source>
   <translation>schließen Sie es dort zuerst</translation>
  </message>
  <message>
   <source>{0} cannot be written to</source>
   <translation>In {0} darf nicht geschrieben werden</translation>
  </message>
  <message>
   <source>save it elsewhere</source>
   <translation>speichern Sie es anderswo</translation>
  </message>
  <message>
   <source>Cannot write {0}: the disk is full</source>
   <translation>{0} kann nicht geschrieben werden: Der Datenträger ist voll</translation>
  </message>
  <message>
   <source>free some space, or save it elsewhere</source>
   <translation>schaffen Sie Platz, oder speichern Sie es an einem anderen Ort</translation>
  </message>
  <message>
   <source>Cannot write {0}: the disk failed ({1})</source>
   <translation>{0} kann nicht geschrieben werden: Der Datenträger meldet einen Fehler ({1})</translation>
  </message>
  <message>
   <source>save it on another disk</source>
   <translation>speichern Sie es auf einem anderen Datenträger</translation>
  </message>
  <message>
   <source>{0} is damaged: reading it never ends</source>
   <translation>{0} ist beschädigt: Das Lesen endet nie</translation>
  </message>
  <message>
   <source>{0} changed while it was being opened</source>
   <translation>{0} änderte sich beim Öffnen</translation>
  </message>
  <message>
   <source>open it again</source>
   <translation>öffnen Sie es noch einmal</translation>
  </message>
  <message>
   <source>{0} is not the recording that was transcribed</source>
   <translation>{0} ist nicht die Aufnahme, die transkribiert wurde</translation>
  </message>
  <message>
   <source>its bytes differ</source>
   <translation>die Bytes sind andere</translation>
  </message>
  <message>
   <source>its length differs</source>
   <translation>die Länge ist eine andere</translation>
  </message>
  <message>
   <source>{0} is open for reading only</source>
   <translation>{0} kann nur gelesen werden</translation>
  </message>
  <message>
   <source>The history of edits does not match the notes</source>
   <translation>Der Verlauf der Änderungen passt nicht zu den Noten</translation>
  </message>
  <message>
   <source>Revert to Saved</source>
   <translation>Zum gespeicherten Stand zurückkehren</translation>
  </message>
  <message>
   <source>A note cannot have these values ({0})</source>
   <translation>Eine Note kann diese Werte nicht haben ({0})</translation>
  </message>
  <message>
   <source>choose others</source>
   <translation>wählen Sie andere</translation>
  </message>
  <message>
   <source>None of these notes is sounding there</source>
   <translation>Keine dieser Noten klingt dort</translation>
  </message>
  <message>
   <source>split where a note is sounding</source>
   <translation>teilen Sie, wo eine Note ist</translation>
  </message>
  <message>
   <source>Merging needs at least two notes</source>
   <translation>Zum Verbinden braucht es zwei Noten oder mehr</translation>
  </message>
  <message>
   <source>Only notes of the same pitch and instrument can be merged</source>
   <translation>Nur Noten derselben Tonhöhe und desselben Instruments lassen sich verbinden</translation>
  </message>
  <message>
   <source>A passage must begin at 0 s or later, and end after it begins</source>
   <translation>Eine Passage beginnt bei 0 s oder später und endet nach ihrem Anfang</translation>
  </message>
  <message>
   <source>mark it again along the ruler</source>
   <translation>markieren Sie sie noch einmal auf dem Lineal</translation>
  </message>
  <message>
   <source>A pedal press must last at least a millisecond</source>
   <translation>Ein Pedaltritt muss mindestens eine Millisekunde dauern</translation>
  </message>
  <message>
   <source>A pedal press cannot end more than a week after the start</source>
   <translation>Ein Pedaltritt kann nicht später als eine Woche nach dem Anfang enden</translation>
  </message>
  <message>
   <source>A note would leave the range of MIDI, C-1 to G9</source>
   <translation>Eine Note würde den Umfang von MIDI verlassen, C-1 bis G9</translation>
  </message>
  <message>
   <source>move it less far, or leave out the notes at the edge</source>
   <translation>verschieben Sie weniger weit, oder lassen Sie die Noten am Rand weg</translation>
  </message>
  <message>
   <source>A velocity must be between 1 and 127</source>
   <translation>Eine Anschlagstärke liegt zwischen 1 und 127</translation>
  </message>
  <message>
   <source>choose a value in this range</source>
   <translation>wählen Sie einen Wert in diesem Bereich</translation>
  </message>
  <message>
   <source>A note would begin before the recording, or end before it begins</source>
   <translation>Eine Note würde vor der Aufnahme beginnen oder vor ihrem Einsatz enden</translation>
  </message>
  <message>
   <source>move it less far, or choose an end after its onset</source>
   <translation>verschieben Sie weniger weit, oder wählen Sie ein Ende nach dem Einsatz</translation>
  </message>
  <message>
   <source>A rejected note cannot be edited</source>
   <translation>Eine verworfene Note lässt sich nicht bearbeiten</translation>
  </message>
  <message>
   <source>accept it first</source>
   <translation>bestätigen Sie sie zuerst</translation>
  </message>
  <message>
   <source>A note must last at least a millisecond</source>
   <translation>Eine Note muss mindestens eine Millisekunde dauern</translation>
  </message>
  <message>
   <source>A note cannot end more than a week after the start</source>
   <translation>Eine Note kann nicht später als eine Woche nach dem Anfang enden</translation>
  </message>
  <message>
   <source>This pedal press no longer exists</source>
   <translation>Diesen Pedaltritt gibt es nicht mehr</translation>
  </message>
  <message>
   <source>The pedal press would begin before the recording, or end before it begins</source>
   <translation>Der Pedaltritt würde vor der Aufnahme beginnen oder vor seinem Anfang enden</translation>
  </message>
  <message>
   <source>choose a start of 0 s or later, and a later end</source>
   <translation>wählen Sie einen Anfang von 0 s oder später und ein späteres Ende</translation>
  </message>
  <message>
   <source>Move a note</source>
   <translation>Note verschieben</translation>
  </message>
  <message>
   <source>Move {0} notes</source>
   <translation>{0} Noten verschieben</translation>
  </message>
  <message>
   <source>Resize a note</source>
   <translation>Länge einer Note ändern</translation>
  </message>
  <message>
   <source>Resize {0} notes</source>
   <translation>Länge von {0} Noten ändern</translation>
  </message>
  <message>
   <source>Change velocity of a note</source>
   <translation>Anschlagstärke einer Note ändern</translation>
  </message>
  <message>
   <source>Change velocity of {0} notes</source>
   <translation>Anschlagstärke von {0} Noten ändern</translation>
  </message>
  <message>
   <source>Flatten the bend of a note</source>
   <translation>Bending einer Note glätten</translation>
  </message>
  <message>
   <source>Flatten the bend of {0} notes</source>
   <translation>Bending von {0} Noten glätten</translation>
  </message>
  <message>
   <source>Shift the bend of a note</source>
   <translation>Bending einer Note verschieben</translation>
  </message>
  <message>
   <source>Shift the bend of {0} notes</source>
   <translation>Bending von {0} Noten verschieben</translation>
  </message>
  <message>
   <source>Scale the bend of a note</source>
   <translation>Bending einer Note verstärken</translation>
  </message>
  <message>
   <source>Scale the bend of {0} notes</source>
   <translation>Bending von {0} Noten verstärken</translation>
  </message>
  <message>
   <source>Bend a note</source>
   <translation>Note ziehen</translation>
  </message>
  <message>
   <source>Bend {0} notes</source>
   <translation>{0} Noten ziehen</translation>
  </message>
  <message>
   <source>Add a note</source>
   <translation>Note hinzufügen</translation>
  </message>
  <message>
   <source>Delete a note</source>
   <translation>Note löschen</translation>
  </message>
  <message>
   <source>Delete {0} notes</source>
   <translation>{0} Noten löschen</translation>
  </message>
  <message>
   <source>Reject a note</source>
   <translation>Note verwerfen</translation>
  </message>
  <message>
   <source>Reject {0} notes</source>
   <translation>{0} Noten verwerfen</translation>
  </message>
  <message>
   <source>Split a note</source>
   <translation>Note teilen</translation>
  </message>
  <message>
   <source>Split {0} notes</source>
   <translation>{0} Noten teilen</translation>
  </message>
  <message>
   <source>Accept passage</source>
   <translation>Passage bestätigen</translation>
  </message>
  <message>
   <source>Withdraw passage</source>
   <translation>Bestätigung einer Passage zurücknehmen</translation>
  </message>
  <message>
   <source>Add a pedal press</source>
   <translation>Pedaltritt hinzufügen</translation>
  </message>
  <message>
   <source>Change a pedal press</source>
   <translation>Pedaltritt ändern</translation>
  </message>
  <message>
   <source>Change range and scale</source>
   <translation>Tonumfang und Skala ändern</translation>
  </message>
  <message>
   <source>Change the key</source>
   <translation>Tonart ändern</translation>
  </message>
  <message>
   <source>Change tuning or capo</source>
   <translation>Stimmung oder Kapodaster ändern</translation>
  </message>
  <message>
   <source>Accept a note</source>
   <translation>Note bestätigen</translation>
  </message>
  <message>
   <source>Accept {0} notes</source>
   <translation>{0} Noten bestätigen</translation>
  </message>
  <message>
   <source>Merge a note</source>
   <translation>Note verbinden</translation>
  </message>
  <message>
   <source>Merge {0} notes</source>
   <translation>{0} Noten verbinden</translation>
  </message>
  <message>
   <source>Octave up a note</source>
   <translation>Note eine Oktave höher</translation>
  </message>
  <message>
   <source>Octave up {0} notes</source>
   <translation>{0} Noten eine Oktave höher</translation>
  </message>
  <message>
   <source>Octave down a note</source>
   <translation>Note eine Oktave tiefer</translation>
  </message>
  <message>
   <source>Octave down {0} notes</source>
   <translation>{0} Noten eine Oktave tiefer</translation>
  </message>
  <message>
   <source>{0} is not a project of AMT Studio</source>
   <translation>{0} ist kein Projekt von AMT Studio</translation>
  </message>
  <message>
   <source>choose another file, or a backup of it</source>
   <translation>wählen Sie eine andere Datei oder eine Sicherungskopie</translation>
  </message>
  <message>
   <source>{0} is too large to be a project (over 256 MiB)</source>
   <translation>{0} ist zu groß für ein Projekt (über 256 MiB)</translation>
  </message>
  <message>
   <source>{0} is beside the project but does not belong to it</source>
   <translation>{0} liegt neben dem Projekt, gehört aber nicht dazu</translation>
  </message>
  <message>
   <source>move it away first</source>
   <translation>schieben Sie es zuerst beiseite</translation>
  </message>
  <message>
   <source>{0} is not a file</source>
   <translation>{0} ist keine Datei</translation>
  </message>
  <message>
   <source>name a project</source>
   <translation>nennen Sie ein Projekt</translation>
  </message>
  <message>
   <source>{0} cannot be read: {1}</source>
   <translation>{0} kann nicht gelesen werden: {1}</translation>
  </message>
  <message>
   <source>save it under a new name</source>
   <translation>speichern Sie es unter einem neuen Namen</translation>
  </message>
  <message>
   <source>{0} was made by a newer AMT Studio</source>
   <translation>{0} stammt von einem neueren AMT Studio</translation>
  </message>
  <message>
   <source>update the program to open it</source>
   <translation>aktualisieren Sie das Programm, um es zu öffnen</translation>
  </message>
  <message>
   <source>{0} is damaged: it does not have the tables of a project</source>
   <translation>{0} ist beschädigt: Die Tabellen eines Projekts fehlen</translation>
  </message>
  <message>
   <source>A project from an earlier version cannot be read</source>
   <translation>Ein Projekt einer früheren Fassung lässt sich nicht lesen</translation>
  </message>
  <message>
   <source>{0} is already open in this program</source>
   <translation>{0} ist in diesem Programm schon geöffnet</translation>
  </message>
  <message>
   <source>{0} cannot be written to: {1}</source>
   <translation>In {0} kann nicht geschrieben werden: {1}</translation>
  </message>
  <message>
   <source>a log of another state of {0} is beside it and cannot be moved away</source>
   <translation>ein Protokoll eines anderen Zustands von {0} liegt daneben und lässt sich nicht beiseiteschieben</translation>
  </message>
  <message>
   <source>Step {0} of the history is damaged</source>
   <translation>Der Schritt {0} des Verlaufs ist beschädigt</translation>
  </message>
  <message>
   <source>Cannot write {0}: its log is in use</source>
   <translation>{0} kann nicht geschrieben werden: Das Protokoll ist in Gebrauch</translation>
  </message>
  <message>
   <source>close other programs that have it open, and save again</source>
   <translation>schließen Sie andere Programme, die es geöffnet haben, und speichern Sie noch einmal</translation>
  </message>
  <message>
   <source>A stretch cannot end more than a week after the start</source>
   <translation>Ein Abschnitt kann nicht später als eine Woche nach dem Anfang enden</translation>
  </message>
  <message>
   <source>A stretch must begin at 0 s or later, and end after it begins</source>
   <translation>Ein Abschnitt beginnt bei 0 s oder später und endet nach seinem Anfang</translation>
  </message>
  <message>
   <source>Mark an instrument as heard</source>
   <translation>Ein Instrument als hörbar markieren</translation>
  </message>
  <message>
   <source>Mark an instrument as not heard</source>
   <translation>Ein Instrument als nicht hörbar markieren</translation>
  </message>
  <message>
   <source>Remove the mark from an instrument</source>
   <translation>Die Markierung eines Instruments entfernen</translation>
  </message>
  <message>
   <source>A track needs a name of 1 to {0} characters</source>
   <translation>Eine Spur braucht einen Namen mit 1 bis {0} Zeichen</translation>
  </message>
  <message>
   <source>Drums have no program</source>
   <translation>Schlagzeug hat keinen Klang zur Wahl</translation>
  </message>
  <message>
   <source>they are played by a drum kit</source>
   <translation>es wird von einem Schlagzeug gespielt</translation>
  </message>
  <message>
   <source>A program must be between 0 and 127, not {0}</source>
   <translation>Ein Klang ist 0 bis 127, nicht {0}</translation>
  </message>
  <message>
   <source>Another track with this name already has this instrument</source>
   <translation>Eine andere Spur dieses Namens hat dieses Instrument</translation>
  </message>
  <message>
   <source>merge them instead</source>
   <translation>verbinden Sie stattdessen beide</translation>
  </message>
  <message>
   <source>Merging needs two tracks</source>
   <translation>Zum Verbinden braucht es zwei Spuren</translation>
  </message>
  <message>
   <source>Drums and pitched notes cannot be on one track</source>
   <translation>Schlagzeug und Töne können nicht auf einer Spur liegen</translation>
  </message>
  <message>
   <source>This track already exists</source>
   <translation>Diese Spur gibt es schon</translation>
  </message>
  <message>
   <source>give it another name</source>
   <translation>geben Sie ihr einen anderen Namen</translation>
  </message>
  <message>
   <source>This track no longer exists</source>
   <translation>Diese Spur gibt es nicht mehr</translation>
  </message>
  <message>
   <source>This is not a valid track: {0}</source>
   <translation>Diese Spur ist nicht möglich: {0}</translation>
  </message>
  <message>
   <source>Rename a track</source>
   <translation>Spur umbenennen</translation>
  </message>
  <message>
   <source>Change the instrument of a track</source>
   <translation>Instrument einer Spur ändern</translation>
  </message>
  <message>
   <source>Merge tracks</source>
   <translation>Spuren verbinden</translation>
  </message>
  <message>
   <source>Change the colour of a track</source>
   <translation>Farbe einer Spur ändern</translation>
  </message>
  <message>
   <source>Mute a track</source>
   <translation>Spur stumm schalten</translation>
  </message>
  <message>
   <source>Unmute a track</source>
   <translation>Spur hörbar machen</translation>
  </message>
  <message>
   <source>Solo a track</source>
   <translation>Nur eine Spur hören</translation>
  </message>
  <message>
   <source>End the solo of a track</source>
   <translation>Solo einer Spur beenden</translation>
  </message>
  <message>
   <source>Hide a track</source>
   <translation>Spur ausblenden</translation>
  </message>
  <message>
   <source>Show a track</source>
   <translation>Spur zeigen</translation>
  </message>
  <message>
   <source>Add a track</source>
   <translation>Spur hinzufügen</translation>
  </message>
  <message>
   <source>Delete a track</source>
   <translation>Spur löschen</translation>
  </message>
  <message>
   <source>at least two beats must remain; Remove Bars and Beats removes them all</source>
   <translation>mindestens zwei Schläge müssen bleiben; „Takte und Schläge entfernen“ nimmt alle weg</translation>
  </message>
  <message>
   <source>beats cannot be faster than {0} a minute</source>
   <translation>mehr als {0} Schläge pro Minute sind nicht möglich</translation>
  </message>
  <message>
   <source>a tempo must be between {0} and {1}, not {2}</source>
   <translation>ein Tempo liegt zwischen {0} und {1}, nicht bei {2}</translation>
  </message>
  <message>
   <source>there is no room between the neighbouring beats; remove one of them first</source>
   <translation>zwischen den Nachbarschlägen ist kein Platz; entfernen Sie zuerst einen davon</translation>
  </message>
  <message>
   <source>there is already a beat here; move that one</source>
   <translation>hier ist schon ein Schlag; verschieben Sie diesen</translation>
  </message>
  <message>
   <source>tap at least two beats</source>
   <translation>tippen Sie mindestens zwei Schläge</translation>
  </message>
  <message>
   <source>from here on only the number of beats in a bar can change: {0} has beats of another kind</source>
   <translation>ab hier kann sich nur die Zahl der Schläge im Takt ändern: {0} hat Schläge anderer Art</translation>
  </message>
  <message>
   <source>there is no display to open a window on</source>
   <translation>es gibt keinen Bildschirm, auf dem ein Fenster erscheinen könnte</translation>
  </message>
  <message>
   <source>start it from a desktop, or use --snapshot or transcribe</source>
   <translation>starten Sie es in einer Desktop-Umgebung, oder verwenden Sie --snapshot oder transcribe</translation>
  </message>
  <message>
   <source>{0} could not be moved to the trash: {1}</source>
   <translation>{0} ließ sich nicht in den Papierkorb verschieben: {1}</translation>
  </message>
  <message>
   <source>it was not moved; show it in its folder and delete it there</source>
   <translation>die Datei liegt noch an ihrem Ort; zeigen Sie sie in ihrem Ordner an und löschen Sie sie dort</translation>
  </message>
  <message>
   <source>cannot create the folder {0}: {1}</source>
   <translation>der Ordner {0} lässt sich nicht anlegen: {1}</translation>
  </message>
  <message>
   <source>choose another folder for recordings</source>
   <translation>wählen Sie einen anderen Ordner für Aufnahmen</translation>
  </message>
  <message>
   <source>open the project and say where it is</source>
   <translation>öffnen Sie das Projekt und sagen Sie, wo sie liegt</translation>
  </message>
  <message>
   <source>it is shorter than five seconds</source>
   <translation>sie ist kürzer als fünf Sekunden</translation>
  </message>
  <message>
   <source>{0} is not the recording that these notes were made from</source>
   <translation>{0} ist nicht die Aufnahme, aus der diese Noten stammen</translation>
  </message>
  <message>
   <source>open it separately, or say where the recording of the project is</source>
   <translation>öffnen Sie sie für sich, oder sagen Sie, wo die Aufnahme des Projekts liegt</translation>
  </message>
  <message>
   <source>edits cannot be kept: {0}; export the notes before you close the window</source>
   <translation>Änderungen lassen sich nicht aufbewahren: {0}; exportieren Sie die Noten, bevor Sie das Fenster schließen</translation>
  </message>
  <message>
   <source>no sound came in, so nothing was kept</source>
   <translation>es kam kein Ton an, daher wurde nichts gesichert</translation>
  </message>
  <message>
   <source>choose another device, or try again</source>
   <translation>wählen Sie ein anderes Gerät, oder versuchen Sie es noch einmal</translation>
  </message>
  <message>
   <source>there is another file at {0}</source>
   <translation>unter {0} liegt eine andere Datei</translation>
  </message>
  <message>
   <source>restore it from the trash by hand</source>
   <translation>holen Sie sie selbst aus dem Papierkorb</translation>
  </message>
  <message>
   <source>{0} is not in the trash any more</source>
   <translation>{0} ist nicht mehr im Papierkorb</translation>
  </message>
  <message>
   <source>{0} could not be taken out of the trash: {1}</source>
   <translation>{0} ließ sich nicht aus dem Papierkorb holen: {1}</translation>
  </message>
  <message>
   <source>take it out by hand</source>
   <translation>holen Sie sie selbst heraus</translation>
  </message>
 </context>
</TS>
