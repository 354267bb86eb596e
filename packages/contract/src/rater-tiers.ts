/** Answers of vetted and expert people are a gate's truth; experts decide what others disagree on. */
export const RATER_TIERS = ['trainee', 'vetted', 'expert', 'suspended'] as const
