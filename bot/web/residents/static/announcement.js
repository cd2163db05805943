/* The page is made once, when the service starts: what the office announces since is fetched. */

/** Show what is announced now in `place`. */
export async function announce(place) {
  try {
    const reply = await fetch("announcement");
    for (const told of (await reply.json()).announcements) {
      const line = document.createElement("p");
      line.className = "announcement";
      line.setAttribute("role", "status");
      line.textContent = told;
      place.append(line);
    }
  } catch (down) {
    // The page says so itself as soon as something is asked.
  }
}
